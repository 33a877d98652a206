import type { Page } from '@playwright/test'

export type HostKind = 'browser' | 'electron'

/** Where a host is started: its data folder, and what the person names on the command line. */
export interface HostStart {
  readonly dataFolder: string
  /** A project, clip or folder of pictures; null opens the sample. */
  readonly openPath: string | null
  /** Folders that the file browser of the browser host may look into. */
  readonly roots: readonly string[]
  readonly look: 'dark' | 'light'
}

/** A running host with its one window. */
export interface Host {
  readonly kind: HostKind
  readonly page: Page
  readonly processId: number
  engineProcessId(): Promise<number>
  /** Does what leads to a choice of files, then chooses these paths in whichever dialog the host has. */
  chooseFiles(paths: readonly string[], ask: () => Promise<void>): Promise<void>
  /** Does what leads to a choice of a folder, then chooses this one. */
  chooseFolder(path: string, ask: () => Promise<void>): Promise<void>
  /** Does what leads to saving, then names the file. */
  nameFile(path: string, ask: () => Promise<void>): Promise<void>
  /** Ends it as a person would. */
  close(): Promise<void>
  /** Ends the host's process at once, as `kill -9` does. */
  kill(): Promise<void>
}

/** The window as the screenshots show it. */
export const WINDOW_SIZE = { width: 1440, height: 900 }
