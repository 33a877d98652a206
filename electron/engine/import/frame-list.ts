import { join } from 'node:path'
import { FRAME_LIST } from '../export/datasets/dataset-sink.ts'
import { isFile, readText } from './read-source.ts'

/**
 * Which source frame a number in a file name stands for, where one of our exports left a list of it.
 * @param folders looked into one after the other
 */
export async function readFrameList(...folders: string[]): Promise<ReadonlyMap<number, number>> {
  const frames = new Map<number, number>()
  for (const folder of folders) {
    const path = join(folder, FRAME_LIST)
    if (!(await isFile(path))) continue
    for (const line of (await readText(path)).split('\n')) {
      const match = /^(\d{1,12}),(\d{1,9}),/.exec(line)
      if (match) frames.set(Number(match[1]), Number(match[2]))
    }
    return frames
  }
  return frames
}

/** The source frame of a file by its name: as the list says; null where it says nothing. */
export function listedFrame(frames: ReadonlyMap<number, number>, stem: string): number | null {
  return /^\d{1,12}$/.test(stem) ? (frames.get(Number(stem)) ?? null) : null
}
