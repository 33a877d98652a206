import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { PROJECT_EXTENSION } from '../../contract/files.ts'
import type { View } from '../../contract/project.ts'
import { cleanName } from '../project/clean-name.ts'
import { copyProject, createProject } from '../project/create-project.ts'
import { translateFileError } from '../project/file-errors.ts'
import { openProject } from '../project/open-project.ts'
import { ProjectExistsError } from '../project/project-errors.ts'
import type { ProjectStore, StoreOptions } from '../project/project-store.ts'

/** Where projects lie: files that the person named, and the app's own folder for those that were never saved. */
export class ProjectShelf {
  readonly #unsavedFolder: string
  readonly #options: () => Partial<StoreOptions>
  readonly #newView: () => Partial<View>

  /** @param newView how a new project is looked at, where that is not the default */
  constructor(dataFolder: string, options: () => Partial<StoreOptions>, newView: () => Partial<View>) {
    this.#unsavedFolder = join(dataFolder, 'projects')
    this.#options = options
    this.#newView = newView
  }

  isUnsaved(path: string): boolean {
    return dirname(path) === this.#unsavedFolder
  }

  open(path: string): Promise<ProjectStore> {
    return openProject(path, this.#options())
  }

  /** A project in the app's own folder. */
  async createUnsaved(name: string): Promise<ProjectStore> {
    await mkdir(this.#unsavedFolder, { recursive: true }).catch((error: unknown) => {
      throw translateFileError(error, this.#unsavedFolder)
    })
    const stem = name.replace(/[^\p{L}\p{N} ._-]+/gu, '-').slice(0, 60) || 'Project'
    for (let number = 1; ; number++) {
      const file = number === 1 ? stem : `${stem} ${String(number)}`
      const path = join(this.#unsavedFolder, `${file}.${PROJECT_EXTENSION}`)
      if (existsSync(path)) continue
      try {
        return await this.#make(path, name, false)
      } catch (error) {
        // Another host on this folder was quicker.
        if (!(error instanceof ProjectExistsError)) throw error
      }
    }
  }

  /** Path of the sample project in the app's own folder. */
  get samplePath(): string {
    return join(this.#unsavedFolder, `Sample.${PROJECT_EXTENSION}`)
  }

  /** In a place that the person chose, whose dialog asked before replacing a file. */
  create(path: string, name: string): Promise<ProjectStore> {
    return this.#make(withExtension(path), name, true)
  }

  /** Copies a project that nobody has open to a place that the person chose. */
  async copy(path: string, target: string): Promise<void> {
    const store = await this.open(path)
    try {
      await copyProject(store, target, true)
    } finally {
      store.close()
    }
  }

  /** Removes a closed project of the app's own folder. */
  async removeUnsaved(path: string): Promise<void> {
    await rm(path, { force: true })
    await rm(`${path}-journal`, { force: true })
  }

  async #make(path: string, name: string, overwrite: boolean): Promise<ProjectStore> {
    const store = await createProject(path, { name, overwrite, ...this.#options() })
    try {
      store.setView(this.#newView())
      return store
    } catch (error) {
      store.close()
      throw error
    }
  }
}

/** The name that a project made of a video gets. */
export function projectNameOf(videoPath: string): string {
  return cleanName(basename(videoPath, extname(videoPath)), 'Project')
}

/** A place that the person chose for a project, with a project's ending. */
export function withExtension(path: string): string {
  return extname(path) === `.${PROJECT_EXTENSION}` ? path : `${path}.${PROJECT_EXTENSION}`
}
