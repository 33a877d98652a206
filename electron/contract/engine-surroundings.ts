import type { CommandParams, CommandResult, EngineCommandName } from './commands.ts'
import type { EventName, EventPayload } from './events.ts'
import type { FrameAddress } from './frame-url.ts'
import type { FileGrant, LogLevel, Picture } from './host-link.ts'
import type { Mark } from './history.ts'
import type { Settings, SettingsPatch } from './settings.ts'

/**
 * The log. `message` is a sentence without paths or names of the person's files, because diagnostics repeat it;
 * `detail` may carry anything and stays in the file.
 */
export type Log = (level: LogLevel, scope: string, message: string, detail?: unknown) => void

/** Folders and programs of the settings; null where the app's own is used. */
export interface StoredPlaces {
  readonly modelsFolder: string | null
  readonly ffmpegProgram: string | null
}

/** The validated settings file. */
export interface SettingsStore {
  readonly settings: Settings
  readonly places: StoredPlaces
  /** Sentences on what a damaged file lost; empty as a rule. */
  readonly notices: readonly string[]
  /** On disk when it resolves. @throws SettingsNotSaved; then the settings are as before. */
  patch(patch: SettingsPatch): Promise<Settings>
  /** On disk when it resolves. @throws SettingsNotSaved */
  setPlace(place: keyof StoredPlaces, path: string | null): Promise<StoredPlaces>
  /** Resolves when no change is being written any more. */
  settled(): Promise<void>
}

export interface RecentProject {
  readonly recentId: string
  readonly path: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly openedAt: number
}

/** Projects that were open lately, newest first. */
export interface RecentProjects {
  list(): readonly RecentProject[]
  /** Puts a project first. */
  add(path: string, name: string): Promise<void>
  forget(recentId: string): Promise<void>
}

/** What an engine is given by the process it runs in. */
export interface EngineSurroundings {
  readonly appVersion: string
  readonly dataFolder: string
  readonly resourcesFolder: string
  readonly settings: SettingsStore
  readonly recent: RecentProjects
  readonly log: Log
  /** The text of `diagnostics.copy`; `lines` are the engine's own findings, such as the devices. */
  diagnostics(lines: readonly string[]): Promise<string>
  emit<Name extends EventName>(event: Name, payload: EventPayload<Name>): void
  /** Told whenever another project file is open, so that a new engine can open it again. */
  projectPathChanged(path: string | null): void
  /** Makes a token good for `files.reveal` on something that the engine wrote. */
  offerFile(path: string): string
}

/** An engine as its process uses it. Every method may reject; what is thrown becomes a `Failure`. */
export interface HostedEngine {
  /** Params have passed the command's schema. Edits resolve when they are on disk. */
  call<Name extends EngineCommandName>(
    command: Name,
    params: CommandParams<Name>,
    mark: Mark | undefined,
  ): Promise<CommandResult<Name>>
  picture(address: FrameAddress, signal: AbortSignal): Promise<Picture>
  /** Tokens that the next calls may carry. */
  grantFile(grant: FileGrant): void
  revokeFile(token: string): void
  /** Opens a project, video or image folder that the person named outside the interface. */
  open(path: string): Promise<void>
  /** Finishes writing, ends all children. */
  close(): Promise<void>
}

/** How an engine comes to be; without anything open. */
export type CreateEngine = (surroundings: EngineSurroundings) => Promise<HostedEngine>
