import type { EngineCommandName } from '../contract/commands.ts'
import type { Log } from '../contract/engine-surroundings.ts'
import type { FilePurpose, ChosenFile } from '../contract/files.ts'
import { CONTRACT_VERSION, type HostCapabilities } from '../contract/hello.ts'
import type { FileGrant, StartMessage } from '../contract/host-link.ts'
import type { Notice } from '../contract/events.ts'
import type { Mark } from '../contract/history.ts'
import type { EventMessage } from '../contract/messages.ts'
import { acceptFile } from './accept-file.ts'
import { superviseEngine, type EngineSupervisor, type SupervisorOptions } from './engine-supervisor.ts'
import { FileOutOfReach, type FileAccess } from './file-access.ts'
import { FILE_PURPOSES } from './file-purposes.ts'
import { createFileTokens, type FileTokens } from './file-tokens.ts'
import type { LogRefusal } from './refusal-log.ts'
import { tokensIn } from './tokens-in.ts'
import { createWindowLine, type HostHandlers, type WindowLine } from './window-line.ts'

export interface DeskOptions {
  readonly launch: SupervisorOptions['launch']
  readonly timing?: SupervisorOptions['timing']
  readonly start: Omit<StartMessage, 'kind' | 'openPath'>
  /** A file or folder to open first; null opens the sample project. */
  readonly openPath: string | null
  readonly capabilities: HostCapabilities
  /** What files windows may reach. */
  readonly access: FileAccess
  /** The calls that this kind of host answers in its own way. */
  readonly handlers: (tokens: FileTokens) => Omit<HostHandlers, 'engine.restart'>
  readonly log: Log
  readonly logRefusal: LogRefusal
}

/** A window as its transport sees it. */
export interface DeskWindow extends WindowLine {
  readonly windowId: number
  /** Forgets the window and its file tokens. */
  close(): void
}

/** What both windowed hosts share: an engine, windows on it, and the files that they may name. */
export interface Desk {
  readonly engine: EngineSupervisor
  readonly windowCount: number
  /** Takes a window up. `deliver` gets messages for it as JSON; `hangUp` ends a line that breaks the contract. */
  openWindow(line: { deliver(text: string): void; hangUp(): void }): DeskWindow
  /** A token for a path that the person named by hand; null when it does not serve the purpose. */
  acceptFile(windowId: number, path: string, purpose: FilePurpose): Promise<ChosenFile | null>
  /** Ends the engine; it may finish what it writes. */
  close(): Promise<void>
}

const MOST_UNHEARD = 20

/** What an event has to tell that no later question would bring to light. */
function noticesIn(message: EventMessage): Notice[] {
  if (message.event === 'notice') return [message.payload]
  if (message.event !== 'project.opened') return []
  return message.payload.notices.map((sentence) => ({
    level: 'warning',
    code: 'ProjectOpened',
    message: sentence,
  }))
}

/** Starts the engine and takes windows. */
export function openDesk(options: DeskOptions): Desk {
  const { log, logRefusal, access } = options
  const tokens = createFileTokens()
  /** Windows that said hello, and how they get their messages. */
  const listening = new Map<number, (text: string) => void>()
  /** Tokens that the engine knows, by window. */
  const granted = new Map<number, Set<string>>()
  let nextWindowId = 1

  /** What the person should know and no window was there to show. */
  let unheard: Notice[] = []

  function broadcast(message: EventMessage): void {
    if (listening.size === 0) {
      unheard = [...unheard, ...noticesIn(message)].slice(-MOST_UNHEARD)
      return
    }
    const text = JSON.stringify(message)
    for (const deliver of listening.values()) deliver(text)
  }

  const engine = superviseEngine({
    launch: options.launch,
    start: options.start,
    openPath: options.openPath,
    log,
    onEvent: broadcast,
    onOfferedFile: tokens.offer,
    ...(options.timing === undefined ? {} : { timing: options.timing }),
  })
  const handlers: HostHandlers = {
    ...options.handlers(tokens),
    'engine.restart': () => {
      engine.restart()
      return Promise.resolve({})
    },
  }

  /** The files that a call names, looked at once more: they may have been replaced since they were shown. */
  async function redeem(windowId: number, params: unknown): Promise<FileGrant[]> {
    const grants: FileGrant[] = []
    for (const token of tokensIn(params)) {
      const file = tokens.find(windowId, token)
      if (file === undefined) {
        // The engine takes it from anyone, but it is another window's, or too old for its path to be looked at once more.
        if ([...granted.values()].some((known) => known.has(token))) throw new FileOutOfReach()
        continue
      }
      if (!file.selectable) throw new FileOutOfReach()
      const { isNew } = FILE_PURPOSES[file.purpose]
      const path = await (isNew ? access.confineNew(file.path) : access.confine(file.path))
      grants.push({ token, path, purpose: file.purpose })
    }
    return grants
  }

  async function callEngine(
    windowId: number,
    command: EngineCommandName,
    params: unknown,
    mark: Mark | undefined,
  ): Promise<{ answer: Promise<unknown> }> {
    const grants = await redeem(windowId, params)
    for (const { token } of grants) granted.get(windowId)?.add(token)
    return { answer: engine.call(command, params, mark, grants) }
  }

  return {
    engine,
    get windowCount() {
      return listening.size
    },
    openWindow: ({ deliver, hangUp }) => {
      const windowId = nextWindowId++
      granted.set(windowId, new Set())
      const line = createWindowLine({
        windowId,
        hello: {
          contractVersion: CONTRACT_VERSION,
          appVersion: options.start.appVersion,
          host: options.capabilities,
        },
        handlers,
        callEngine: (command, params, mark) => callEngine(windowId, command, params, mark),
        deliver,
        hangUp,
        onHello: () => {
          listening.set(windowId, deliver)
          deliver(JSON.stringify({ event: 'engine.status', payload: engine.status } satisfies EventMessage))
          for (const payload of unheard)
            deliver(JSON.stringify({ event: 'notice', payload } satisfies EventMessage))
          unheard = []
        },
        log,
        logRefusal,
      })
      return {
        windowId,
        receive: line.receive,
        close: () => {
          listening.delete(windowId)
          tokens.forget(windowId)
          for (const token of granted.get(windowId) ?? []) engine.revokeFile(token)
          granted.delete(windowId)
        },
      }
    },
    acceptFile: (windowId, path, purpose) => acceptFile({ access, tokens, windowId, path, purpose }),
    close: () => engine.dispose(),
  }
}
