import type { FrameMask, TrackProgress, TrackRun } from '../../contract/tracking.ts'
import { runLengthArea } from '../masks/run-length-measures.ts'
import type { NewMask } from '../project/edits/mask-edits.ts'
import { requireRun, requireVideoFile } from '../project/edits/require-records.ts'
import {
  appendFoundShot,
  appendTrackedMasks,
  confirmMasks,
  isRunEnded,
  updateRun,
} from '../project/edits/run-edits.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { trackedVideo } from '../session/frame-prompts.ts'
import type { Inference } from '../tracking/inference.ts'
import type { LookAlike } from '../tracking/look-alikes.ts'
import type { TrackingOptions } from '../tracking/tracking-options.ts'
import type { VideoSource } from '../video/video-source.ts'
import { LookAlikeMarks, standingMasks } from './look-alike-marks.ts'
import { ObjectWalk, type FoundMask } from './object-walk.ts'
import { divideFrame } from './divide-frame.ts'
import { LegTrack } from './leg-track.ts'
import { WalkLost } from './run-ask.ts'
import { RunPictures } from './run-pictures.ts'
import { framesOf, planRun, wasTrackedBefore, type Leg } from './run-plan.ts'
import { RunTally } from './run-tally.ts'
import { shotsOf, shotStartsOf } from '../project/video-shots.ts'
import { ShotWatch } from './shot-watch.ts'

/** Masks are stored, and shown, at least this often. */
const storeEveryMs = 400
const storeAtMost = 64

/** Two objects that come together or change places on a frame. */
export interface Meeting extends Pick<LookAlike, 'objectIds'> {
  readonly videoId: number
  readonly frameIndex: number
}

export interface RunJobOptions {
  readonly store: ProjectStore
  readonly inference: Inference
  readonly runId: number
  /** Pairs of objects that the run has warned of before it was paused; it adds its own. */
  readonly warned: Set<string>
  /** How objects are followed, as the settings say now; asked once a leg. */
  tracking(): TrackingOptions
  video(videoId: number): Promise<VideoSource>
  /** While it runs, the tracker thread's pictures of this content come from here first. */
  supplyPictures(contentId: string, pictures: RunPictures | null): void
  onMasks(masks: FrameMask[], revision: number): void
  onProgress(progress: TrackProgress): void
  /** Told once a run for each pair. */
  onLookAlike(meeting: Meeting): void
}

export type JobEnd = 'finished' | 'stopped'

/** A tracking run at work. What it makes is on disk soon after; it can be stopped between any two objects. */
export class RunJob {
  readonly runId: number
  readonly #options: RunJobOptions
  #stopping = false
  #batch: NewMask[] = []
  #storedAt = 0
  #tally: RunTally

  constructor(options: RunJobOptions) {
    this.runId = options.runId
    this.#tally = new RunTally(options.runId)
    this.#options = options
  }

  /** Ends the work as soon as the model is done with the object it is at; what was made is stored. */
  stop(): void {
    this.#stopping = true
  }

  /** @throws what planning, decoding, the model and storing throw; TrackRunEndedError when it was undone meanwhile */
  async execute(): Promise<JobEnd> {
    const { store, runId } = this.#options
    const run = requireRun(store.records, runId)
    const { legs, frameCount: remaining } = planRun(store, run.request, run)
    this.#tally = new RunTally(runId, run.framesDone, remaining)
    updateRun(store, runId, { state: 'running', framesTotal: this.#tally.framesTotal })
    this.#tell('running')
    try {
      for (const leg of legs) if (!this.#stopping) await this.#walk(run, leg)
    } finally {
      this.#flush()
      await this.#options.inference.noteTimes().catch(() => {})
    }
    return this.#stopping ? 'stopped' : 'finished'
  }

  /** What is known of the run now. */
  progress(state: TrackProgress['state'], failure: string | null = null): TrackProgress {
    return this.#tally.progress(state, failure)
  }

  async #walk(run: TrackRun, leg: Leg): Promise<void> {
    const { store, inference } = this.#options
    const { videoId, extent } = run.request
    const { first, count } = framesOf(leg)
    if (count === 0) return
    const file = requireVideoFile(store.records, videoId)
    const video = trackedVideo(file)
    const pictures = new RunPictures(await this.#options.video(videoId), leg.reverse)
    this.#options.supplyPictures(video.contentId, pictures)
    const tracking = this.#options.tracking()
    const walks = [...leg.next].map(
      ([objectId, next]) =>
        new ObjectWalk({
          ...{ store, video, videoId, objectId, next, tracking },
          runId: this.runId,
          reverse: leg.reverse,
          untilAgreement: extent === 'untilAgreement',
          shotStarts: () => this.#shotStarts(videoId),
        }),
    )
    const step = leg.reverse ? -1 : 1
    const shots = new ShotWatch(shotsOf(this.#options.store.records, videoId), leg.reverse)
    const track = new LegTrack({
      ...{ inference, video, reverse: leg.reverse, tracking },
      onBegin: () => {
        // What the memory is made of again is read from the project.
        this.#flush()
        for (const walk of walks) walk.startOver()
        return this.#shotStarts(videoId)
      },
    })
    const lookAlikes = new LookAlikeMarks(this.#options.warned, (objectIds, frameIndex) => {
      this.#options.onLookAlike({ videoId, objectIds, frameIndex })
    })
    // Divided masks say nothing of what objects usually have in common.
    if (!tracking.exclusiveObjects) lookAlikes.mark(first - step, [], standingMasks(walks, first - step))
    try {
      if (tracking.detectShots)
        await shots.lookBack(first, video.frameCount, (frameIndex) => {
          pictures.expect(frameIndex)
          return pictures.current(frameIndex)
        })
      for (let done = 0; done < count; done++) {
        const frameIndex = first + done * step
        const active = walks.filter((walk) => walk.end === null && this.#isTrackable(walk.objectId))
        if (active.length === 0) {
          this.#tally.framesTotal -= count - done
          return
        }
        pictures.expect(frameIndex)
        const isFound = tracking.detectShots && (await this.#lookForShot(track, shots, pictures, frameIndex))
        if (isFound || shots.beginsAt(frameIndex)) for (const walk of active) walk.beginShot()
        const found = await this.#findAt(track, active, frameIndex, tracking)
        const untouched = walks.filter(({ objectId }) => !found.some((one) => one.objectId === objectId))
        const seen = new Map([
          ...standingMasks(untouched, frameIndex),
          ...found.map(({ objectId, answer, mask }) => [objectId, answer?.mask ?? mask] as const),
        ])
        this.#batch.push(...lookAlikes.mark(frameIndex, found.map(judged), seen))
        if (this.#stopping) return
        this.#tally.count(frameIndex)
        const isDue = performance.now() - this.#storedAt > storeEveryMs || this.#batch.length >= storeAtMost
        const agreed = active.filter((walk) => walk.end === 'agreed')
        if (isDue || agreed.length > 0) this.#flush()
        for (const walk of agreed) this.#confirm(walk, frameIndex)
      }
    } finally {
      this.#options.supplyPictures(video.contentId, null)
      pictures.close()
      await track.end()
    }
  }

  /** Looks at a frame anew where the thread lost some objects before they were divided. */
  async #findAt(
    track: LegTrack,
    walks: readonly ObjectWalk[],
    frameIndex: number,
    { exclusiveObjects }: TrackingOptions,
  ): Promise<(FoundMask & { walk: ObjectWalk })[]> {
    const { store } = this.#options
    const { videoId } = requireRun(store.records, this.runId).request
    for (;;) {
      const trackId = await track.begin()
      const masks: (FoundMask & { walk: ObjectWalk })[] = []
      for (const walk of walks) {
        if (!walk.hasReached(frameIndex)) continue
        if (this.#stopping) break
        const mask = await track.follow(walk, frameIndex)
        if (mask !== null) masks.push({ ...mask, walk })
      }
      if (!exclusiveObjects) return masks
      try {
        if ((await track.begin()) === trackId)
          return await divideFrame(store, track.ask, { videoId, frameIndex, masks })
      } catch (error) {
        if (!(error instanceof WalkLost)) throw error
      }
    }
  }

  /**
   * Finds a shot that this frame makes known, on one that nobody has tracked yet: a cut that was taken back stays away.
   * @returns whether there is one
   */
  async #lookForShot(
    track: LegTrack,
    shots: ShotWatch,
    pictures: RunPictures,
    frameIndex: number,
  ): Promise<boolean> {
    const { store, runId } = this.#options
    const { videoId } = requireRun(store.records, runId).request
    const frame = await pictures.current(frameIndex)
    const found = frame && shots.look(frame)
    if (!found || wasTrackedBefore(store, videoId, frameIndex, runId)) return false
    shots.add(found)
    appendFoundShot(store, runId, found)
    await track.beginShot(found.frameIndex)
    return true
  }

  #shotStarts(videoId: number): number[] {
    return shotStartsOf(this.#options.store.records, videoId)
  }

  /** Not while it is locked; not after it, or the video, was removed. */
  #isTrackable(objectId: number): boolean {
    const { records } = this.#options.store
    const { videoId } = requireRun(records, this.runId).request
    return records.get('videos', videoId) !== undefined && records.get('objects', objectId)?.locked === false
  }

  /** Stores what waits. */
  #flush(): void {
    const { store, runId } = this.#options
    const { framesDone } = this.#tally
    const batch = this.#batch.filter(({ objectId }) => this.#isTrackable(objectId))
    this.#batch = []
    this.#storedAt = performance.now()
    const run = store.records.get('runs', runId)
    const { videoId } = requireRun(store.records, runId).request
    if (batch.length === 0) {
      if (run !== undefined && !isRunEnded(run) && run.framesDone !== framesDone)
        updateRun(store, runId, { framesDone })
      return
    }
    const revision = appendTrackedMasks(store, runId, batch, framesDone)
    const versions = new Map(
      [...store.records.all('versions')]
        .filter((version) => version.runId === runId)
        .map((version) => [version.objectId, version.id]),
    )
    const shown = batch.map(({ objectId, frameIndex, mask, scores }): FrameMask => ({
      ...{ videoId, objectId, frameIndex, mask },
      versionId: versions.get(objectId)!,
      stale: false,
      areaPx: runLengthArea(mask),
      ...scores,
    }))
    this.#options.onMasks(shown, revision)
    this.#tell('running')
  }

  #confirm(walk: ObjectWalk, agreedAt: number): void {
    const { first, last } = walk.confirmedFrames(agreedAt)
    if (first <= last) confirmMasks(this.#options.store, this.runId, { objectId: walk.objectId, first, last })
  }

  #tell(state: TrackProgress['state']): void {
    this.#options.onProgress(this.progress(state))
  }
}

/** What is to be stored of an object on a frame. */
function judged(found: FoundMask & { walk: ObjectWalk }): NewMask {
  const { objectId, frameIndex, mask, walk } = found
  return { objectId, frameIndex, mask, scores: walk.judge(found) }
}
