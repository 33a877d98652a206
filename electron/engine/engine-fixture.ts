import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  commands,
  type CommandInput,
  type CommandResult,
  type EngineCommandName,
} from '../contract/commands.ts'
import type {
  EngineSurroundings,
  HostedEngine,
  RecentProject,
  SettingsStore,
  StoredPlaces,
} from '../contract/engine-surroundings.ts'
import { events, type EventName, type EventPayload } from '../contract/events.ts'
import type { FilePurpose } from '../contract/files.ts'
import type { Mark } from '../contract/history.ts'
import { DEFAULT_SETTINGS, type Settings } from '../contract/settings.ts'
import { createEngine } from './engine.ts'

/** For tests: an engine in this process, with all that goes in and out checked against the contract. */
export interface TestEngine {
  readonly hosted: HostedEngine
  readonly dataFolder: string
  /** Everything that was emitted, oldest first. */
  readonly emitted: readonly { readonly event: EventName; readonly payload: unknown }[]
  /** What went to the log as an error. */
  readonly defects: readonly string[]
  call<Name extends EngineCommandName>(
    command: Name,
    params: CommandInput<Name>,
    mark?: Mark,
  ): Promise<CommandResult<Name>>
  /** A token for a path. */
  grant(path: string, purpose: FilePurpose): string
  /** The payloads of an event so far. */
  all<Name extends EventName>(event: Name): EventPayload<Name>[]
  /** Resolves with the first payload, from now on, that fits. */
  next<Name extends EventName>(
    event: Name,
    fits: (payload: EventPayload<Name>) => boolean,
  ): Promise<EventPayload<Name>>
}

export function testDataFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'maskwright-engine-'))
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function startTestEngine(
  dataFolder: string,
  settings: Partial<Settings> = {},
): Promise<TestEngine> {
  const emitted: { event: EventName; payload: unknown }[] = []
  const defects: string[] = []
  const listeners = new Set<(event: EventName, payload: unknown) => void>()
  const surroundings: EngineSurroundings = {
    appVersion: '0.0.0-test',
    dataFolder,
    resourcesFolder: fileURLToPath(new URL('../../', import.meta.url)),
    settings: settingsInMemory({ ...DEFAULT_SETTINGS, inputSizePx: 256, ...settings }),
    recent: recentInMemory(),
    log: (level, scope, message, detail) => {
      if (level === 'error') defects.push(`${scope}: ${message} ${String(detail)}`)
    },
    diagnostics: (lines) => Promise.resolve(lines.join('\n')),
    emit: (event, payload) => {
      const checked: unknown = events[event].parse(payload)
      emitted.push({ event, payload: checked })
      for (const listener of [...listeners]) listener(event, checked)
    },
    projectPathChanged: () => {},
    offerFile: () => randomBytes(24).toString('base64url'),
  }
  const hosted = await createEngine(surroundings)
  return {
    ...{ hosted, dataFolder, emitted, defects },
    call: async (command, params, mark) => {
      const definition = commands[command]
      // The schemas of one command belong together; over all commands TypeScript cannot follow.
      const checked = definition.params.parse(params) as Parameters<typeof hosted.call<typeof command>>[1]
      return definition.result.parse(await hosted.call(command, checked, mark)) as CommandResult<
        typeof command
      >
    },
    grant: (path, purpose) => {
      const token = randomBytes(24).toString('base64url')
      hosted.grantFile({ token, path, purpose })
      return token
    },
    all: <Name extends EventName>(wanted: Name) =>
      emitted.filter(({ event }) => event === wanted).map(({ payload }) => payload as EventPayload<Name>),
    next: <Name extends EventName>(wanted: Name, fits: (payload: EventPayload<Name>) => boolean) =>
      new Promise<EventPayload<Name>>((resolve) => {
        const listener = (event: EventName, payload: unknown): void => {
          if (event !== wanted || !fits(payload as EventPayload<Name>)) return
          listeners.delete(listener)
          resolve(payload as EventPayload<Name>)
        }
        listeners.add(listener)
      }),
  }
}

function settingsInMemory(initial: Settings): SettingsStore {
  let settings = initial
  let places: StoredPlaces = { modelsFolder: null, ffmpegProgram: null }
  return {
    get settings() {
      return settings
    },
    get places() {
      return places
    },
    notices: [],
    patch: (patch) => {
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
      settings = { ...settings, ...given }
      return Promise.resolve(settings)
    },
    setPlace: (place, path) => {
      places = { ...places, [place]: path }
      return Promise.resolve(places)
    },
    settled: () => Promise.resolve(),
  }
}

function recentInMemory(): EngineSurroundings['recent'] {
  let projects: RecentProject[] = []
  const idOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 16)
  return {
    list: () => projects,
    add: (path, name) => {
      const others = projects.filter((project) => project.path !== path)
      projects = [{ recentId: idOf(path), path, name, openedAt: Date.now() }, ...others]
      return Promise.resolve()
    },
    forget: (recentId) => {
      projects = projects.filter((project) => project.recentId !== recentId)
      return Promise.resolve()
    },
  }
}
