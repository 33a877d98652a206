import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UserFacingError } from '../contract/errors.ts'
import type { ModelEntry } from '../contract/model-catalogue.ts'
import { ModelShelf, type ModelShelfOptions } from '../engine/models/model-shelf.ts'
import { userModelFolder } from '../engine/user-data-folder.ts'
import { byteAmount } from './byte-amount.ts'
import { downloadModel } from './models-download.ts'
import type { ModelsArguments } from './models-arguments.ts'
import { formatTable } from './text-table.ts'
import type { CommandOutput } from './track-command.ts'
import { UsageError } from './usage-error.ts'

/** Which models there are, where they lie and how patient downloads are; what this machine has by default. */
export type ModelsPlace = Partial<Pick<ModelShelfOptions, 'folder' | 'catalogue' | 'patience'>>

/**
 * Does one thing with models.
 * @returns the exit code: 0, 1 where a file is wrong or a download failed, 130 when it was stopped
 * @throws UserFacingError with a sentence for the person
 */
export async function models(
  args: ModelsArguments,
  output: CommandOutput,
  place: ModelsPlace = {},
): Promise<number> {
  const { folder = userModelFolder } = place
  const shelf = new ModelShelf({ ...place, folder, usedModelId: () => '', onProgress: () => undefined })
  switch (args.action) {
    case 'list': {
      const entries = await shelf.list()
      output.say(args.json ? JSON.stringify(entries, null, 2) : listed(entries))
      return 0
    }
    case 'download': {
      const entry = await entryNamed(args.name, shelf)
      const mirrors = args.mirrors.length === 0 ? {} : { mirrors: args.mirrors }
      return downloadModel(entry, { ...place, ...mirrors, folder }, output)
    }
    case 'verify':
      return verify(args.name, shelf, output)
    case 'remove':
      return remove(await entryNamed(args.name, shelf), shelf, output)
    case 'path': {
      const entry = args.name === null ? null : await entryNamed(args.name, shelf)
      if (entry?.state === 'available') throw new ModelIsNotHere(entry)
      output.say(entry === null ? folder() : shelf.fileOf(entry.id))
      return 0
    }
    case 'disk':
      return tellDisk(await shelf.list(), folder(), output)
  }
}

class ModelIsNotHere extends UserFacingError {
  constructor({ id, sizeBytes }: ModelEntry) {
    super(
      'model-is-not-here',
      `${id} is not on this machine; "maskwright models download ${id}" fetches it (${byteAmount(sizeBytes)}).`,
    )
  }
}

async function entryNamed(name: string, shelf: ModelShelf): Promise<ModelEntry> {
  const entries = await shelf.list()
  const id = shelf.idOf(name)
  const entry = entries.find((candidate) => candidate.id === id || candidate.name === name)
  if (entry !== undefined) return entry
  throw new UsageError(`There is no model "${name}". Models: ${entries.map((known) => known.id).join(', ')}.`)
}

function listed(entries: readonly ModelEntry[]): string {
  const rows = entries.map((entry) => [
    entry.id,
    stateOf(entry),
    byteAmount(entry.sizeBytes),
    entry.licence,
    entry.source ?? '-',
  ])
  return formatTable([['name', 'state', 'size', 'licence', 'from'], ...rows])
}

function stateOf({ state, storedBytes, sizeBytes }: ModelEntry): string {
  switch (state) {
    case 'bundled':
      return 'built in'
    case 'ready':
      return 'here'
    case 'damaged':
      return 'damaged'
    case 'downloading':
      return 'downloading'
    case 'available':
      return storedBytes === 0 ? '' : `in part (${Math.floor((storedBytes * 100) / sizeBytes)} %)`
  }
}

async function verify(name: string | null, shelf: ModelShelf, output: CommandOutput): Promise<number> {
  const entries = name === null ? await shelf.list() : [await entryNamed(name, shelf)]
  let wrong = 0
  for (const entry of entries) {
    const found = await shelf.verify(entry.id, { signal: output.stop })
    switch (found) {
      case 'right':
        output.say(`${entry.id}: right`)
        break
      case 'wrong':
        wrong += 1
        output.say(
          `${entry.id}: wrong bytes${entry.state === 'bundled' ? '' : `; download ${entry.id} again`}`,
        )
        break
      case 'unpublished':
        output.say(`${entry.id}: your own, there is nothing to compare it with`)
        break
      case 'absent':
        if (name !== null) throw new ModelIsNotHere(entry)
    }
  }
  return wrong === 0 ? 0 : 1
}

async function remove(entry: ModelEntry, shelf: ModelShelf, output: CommandOutput): Promise<number> {
  await shelf.remove(entry.id)
  output.say(
    entry.storedBytes === 0
      ? `${entry.id}: there was nothing to remove`
      : `${entry.id}: removed, ${byteAmount(entry.storedBytes)} free again`,
  )
  return 0
}

async function tellDisk(
  entries: readonly ModelEntry[],
  folder: string,
  output: CommandOutput,
): Promise<number> {
  const stored = entries.filter(({ state, storedBytes }) => state !== 'bundled' && storedBytes > 0)
  for (const entry of stored) output.say(`${entry.id}: ${byteAmount(entry.storedBytes)}`)
  const usedBytes = stored.reduce((sum, { storedBytes }) => sum + storedBytes, 0)
  output.say(`${folder}: ${byteAmount(usedBytes)} in use, ${byteAmount(await freeBytes(folder))} free`)
  return 0
}

/** Of the disk that the folder is on, or will be. */
async function freeBytes(folder: string): Promise<number> {
  if (!existsSync(folder) && dirname(folder) !== folder) return freeBytes(dirname(folder))
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
