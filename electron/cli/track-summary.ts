import { DEFAULT_SETTINGS } from '../contract/settings.ts'
import type { ExportObject } from '../engine/export/frame-sink.ts'
import { isRunLengthEmpty } from '../engine/masks/run-length-measures.ts'
import type { JudgedFrame } from '../engine/tracking/walk-judge.ts'

/** Stretches of frames that a line names; of more it gives the number. */
const namedStretches = 8

/** What somebody should know of a track who has not looked at it, gathered frame by frame. */
export class TrackSummary {
  readonly #objects: readonly ExportObject[]
  readonly #frames = new Set<number>()
  readonly #unseen = new Map<number, number[]>()
  readonly #lookAlikes = new Map<string, { objectIds: readonly number[]; frames: number[] }>()
  readonly #suspect: number[] = []

  constructor(objects: readonly ExportObject[]) {
    this.#objects = objects
  }

  /** Frames come in presentation order. */
  add({ frameIndex, masks, lookAlikes }: JudgedFrame): void {
    this.#frames.add(frameIndex)
    for (const { objectId, mask } of masks) {
      if (!isRunLengthEmpty(mask)) continue
      const unseen = this.#unseen.get(objectId) ?? []
      unseen.push(frameIndex)
      this.#unseen.set(objectId, unseen)
    }
    for (const { objectIds } of lookAlikes) {
      const pair = objectIds.join(':')
      const known = this.#lookAlikes.get(pair) ?? { objectIds, frames: [] }
      known.frames.push(frameIndex)
      this.#lookAlikes.set(pair, known)
    }
    if (masks.some(({ suspicion }) => (suspicion ?? 0) > DEFAULT_SETTINGS.suspicionThreshold))
      this.#suspect.push(frameIndex)
  }

  /** A line for each kind of thing that there is: shots, absences, look-alikes, suspect frames. */
  lines(shotStarts: readonly number[]): string[] {
    const starts = shotStarts.filter((start) => this.#frames.has(start))
    return [
      ...(starts.length > 0
        ? [
            starts.length === 1
              ? `A shot begins at frame ${framesText(starts)}`
              : `Shots begin at frames ${framesText(starts)}`,
          ]
        : []),
      ...this.#objects.flatMap(({ objectId, name }) => {
        const unseen = this.#unseen.get(objectId) ?? []
        if (unseen.length === 0) return []
        return [`Object ${name}: not seen on ${counted(unseen.length, 'frame')}: ${framesText(unseen)}`]
      }),
      ...[...this.#lookAlikes.values()].map(
        ({ objectIds, frames }) =>
          `Objects ${objectIds.map((objectId) => this.#nameOf(objectId)).join(' and ')} come to lie on each other or change places on ${counted(frames.length, 'frame')}: ${framesText(frames)}`,
      ),
      ...(this.#suspect.length > 0
        ? [`${counted(this.#suspect.length, 'suspect frame')}: ${framesText(this.#suspect)}`]
        : []),
    ]
  }

  #nameOf(objectId: number): string {
    return this.#objects.find((object) => object.objectId === objectId)?.name ?? String(objectId)
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** `16, 20 to 24`: neighbours as a stretch. */
function framesText(frames: readonly number[]): string {
  const stretches: { first: number; last: number }[] = []
  for (const frame of frames) {
    const stretch = stretches.at(-1)
    if (stretch?.last === frame - 1) stretch.last = frame
    else stretches.push({ first: frame, last: frame })
  }
  const named = stretches
    .slice(0, namedStretches)
    .map(({ first, last }) => (first === last ? String(first) : `${first} to ${last}`))
  const rest = stretches.length - named.length
  const more = rest > 0 ? ` and ${rest} more ${rest === 1 ? 'stretch' : 'stretches'}` : ''
  return `${named.join(', ')}${more}`
}
