import { LEAST_CARRY_CONFIDENCE, type CarryHit } from '../../contract/carry.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { shotStartsOf } from '../project/video-shots.ts'
import type { VideoFile } from '../project/stored-records.ts'
import { trackedVideo } from '../session/frame-prompts.ts'
import type { Ask, Inference } from '../tracking/inference.ts'
import type { OwnScores, SoughtMask, TrackedVideo } from '../tracking/tracker-protocol.ts'
import { PRIORITY } from '../tracking/work-queue.ts'
import { carryConfidence, likeness } from './carry-confidence.ts'
import { examplesOf, type CarryExample } from './carry-examples.ts'
import { sampleFrames, type ShotSamples } from './carry-samples.ts'

/** Places of a shot that are looked at from the other side, the likeliest first. */
const confirmedPerShot = 2

export interface CarrySearchOptions {
  readonly store: ProjectStore
  readonly inference: Inference
  readonly objectIds: readonly number[]
  /** Videos to search; hits name them by id. One need not be in the project yet: its pictures are all that is asked for. */
  readonly videos: readonly VideoFile[]
  /** From here on something is a hit, 0 to 1; `LEAST_CARRY_CONFIDENCE` unless given. Confidence 0 never is one. */
  readonly leastConfidence?: number
  readonly signal: AbortSignal
  onHit(hit: CarryHit): void
  onProgress(framesDone: number, framesTotal: number): void
}

/** An object that is looked for. */
interface Sought {
  readonly objectId: number
  readonly appearanceId: number
  readonly examples: readonly CarryExample[]
  own: OwnScores
}

interface Sighting {
  readonly frameIndex: number
  readonly found: SoughtMask
}

let lastAppearanceId = 0

/** Looks for objects in every shot of further videos: on sampled frames, then from the likeliest of them back. */
export class CarrySearch {
  readonly #options: CarrySearchOptions
  readonly #sought: readonly Sought[]
  readonly #videos: readonly { readonly file: VideoFile; readonly shots: readonly ShotSamples[] }[]
  #generation = -1
  #lastHitId = 0

  /** @throws NothingToTrack where nothing tells how an object looks; UnknownRecordError for an object */
  constructor(options: CarrySearchOptions) {
    this.#options = options
    const { store, objectIds, videos } = options
    const searched = new Set(videos.map(({ id }) => id))
    this.#sought = [...new Set(objectIds)].map((objectId) => ({
      objectId,
      appearanceId: ++lastAppearanceId,
      examples: examplesOf(store, objectId, searched),
      own: { predictedIou: 1, objectScore: 1, agreement: 1 },
    }))
    this.#videos = videos.map((file) => {
      const { id, frameCount, durationSeconds } = file
      const shots = sampleFrames(frameCount, durationSeconds, shotStartsOf(store.records, id))
      return { file, shots }
    })
  }

  get framesTotal(): number {
    return this.#videos.reduce(
      (sum, { shots }) => sum + shots.reduce((frames, shot) => frames + shot.frames.length, 0),
      0,
    )
  }

  /** Whether an object has a mask on every frame that is looked at, so that it is not looked for in that video. */
  isLabelledThroughout(videoId: number, objectId: number): boolean {
    const frames = this.#videos
      .filter(({ file }) => file.id === videoId)
      .flatMap(({ shots }) => shots.flatMap((shot) => shot.frames))
    return frames.every((frameIndex) => this.#isLabelled(videoId, objectId, frameIndex))
  }

  /** @throws what decoding and the model throw; the signal's reason */
  async run(): Promise<void> {
    const { onProgress } = this.#options
    let framesDone = 0
    try {
      for (const { file, shots } of this.#videos) {
        const [videoId, video] = [file.id, trackedVideo(file)]
        for (const shot of shots) {
          const sightings = new Map<number, Sighting[]>(this.#sought.map(({ objectId }) => [objectId, []]))
          for (const frameIndex of shot.frames) {
            for (const sought of this.#sought) {
              if (this.#isLabelled(videoId, sought.objectId, frameIndex)) continue
              const found = await this.#seek(sought, video, frameIndex)
              sightings.get(sought.objectId)!.push({ frameIndex, found })
            }
            onProgress(++framesDone, this.framesTotal)
          }
          for (const sought of this.#sought)
            await this.#confirm(sought, videoId, video, sightings.get(sought.objectId)!)
        }
      }
    } finally {
      await this.#forget()
    }
  }

  async #confirm(
    sought: Sought,
    videoId: number,
    video: TrackedVideo,
    sightings: readonly Sighting[],
  ): Promise<void> {
    const likely = sightings
      .filter(({ found }) => likeness(found, sought.own) > 0)
      .sort((a, b) => likeness(b.found, sought.own) - likeness(a.found, sought.own))
      .slice(0, confirmedPerShot)
    const leastConfidence = this.#options.leastConfidence ?? LEAST_CARRY_CONFIDENCE
    let best: CarryHit | null = null
    for (const { frameIndex, found } of likely) {
      const { appearanceId, objectId, own } = sought
      const agreement = await this.#ask((ask) => ask('confirm', { appearanceId, video, frameIndex }))
      const confidence = carryConfidence(found, own, agreement)
      if (confidence < leastConfidence || confidence <= (best?.confidence ?? 0)) continue
      best = { hitId: 0, objectId, videoId, frameIndex, mask: found.mask, confidence, agreement }
    }
    if (best !== null) this.#options.onHit({ ...best, hitId: ++this.#lastHitId })
  }

  #seek({ appearanceId }: Sought, video: TrackedVideo, frameIndex: number): Promise<SoughtMask> {
    return this.#ask((ask) => ask('seek', { appearanceId, video, frameIndex }))
  }

  /** Asks a tracker thread that knows the objects; one that has another model by now learns them anew. */
  #ask<Value>(work: (ask: Ask) => Promise<Value>): Promise<Value> {
    const { inference, signal } = this.#options
    return inference.run(PRIORITY.run, async (ask) => {
      signal.throwIfAborted()
      if (this.#generation !== inference.generation) {
        for (const sought of this.#sought) {
          const { appearanceId, examples } = sought
          sought.own = await ask('learn', { appearanceId, examples })
          signal.throwIfAborted()
        }
        this.#generation = inference.generation
      }
      return work(ask)
    })
  }

  async #forget(): Promise<void> {
    const { inference } = this.#options
    if (this.#generation !== inference.generation) return
    for (const { appearanceId } of this.#sought)
      await inference.run(PRIORITY.run, (ask) => ask('forget', { appearanceId })).catch(() => {})
  }

  /** Where an object has a mask already, it is not looked for. */
  #isLabelled(videoId: number, objectId: number, frameIndex: number): boolean {
    for (const { first, last } of this.#options.store.records.ofObject('spans', videoId, objectId))
      if (first <= frameIndex && frameIndex <= last) return true
    return false
  }
}
