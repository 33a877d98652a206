import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sam2Model } from '../../../../models/sam2/sam2-model.ts'
import { trackColour } from '../../../contract/palette.ts'
import { DEFAULT_ANNOTATION } from '../../export/annotation-painter.ts'
import { exportFrames } from '../../export/export-frames.ts'
import type { ExportObject } from '../../export/frame-sink.ts'
import { VIDEO_EXPORTS, openVideoExports } from '../../export/video-exports.ts'
import { decodeRunLength } from '../../masks/run-length-mask.ts'
import type { TrackedFrame } from '../../tracking/predictor-types.ts'
import type { FramePrompt } from '../../tracking/track-video.ts'
import { Shots } from '../../tracking/shots.ts'
import { NothingToTrack } from '../../tracking/tracking-errors.ts'
import { findMediaTools } from '../../video/media-tools.ts'
import { openVideo } from '../../video/open-video.ts'
import { findShots } from '../../video/shot-detector.ts'
import type { FrameRange, VideoSource } from '../../video/video-source.ts'
import { jobKey, type BatchJob, type JobContent } from '../jobs/batch-job.ts'
import type { ResultStore } from '../store/result-store.ts'
import { hasResult, storeResult } from './job-result.ts'
import type { LocalVideo } from './local-video.ts'
import { StoredSpans } from './stored-spans.ts'
import { JobWalk } from './track-steps.ts'

export interface RunJobOptions {
  readonly store: ResultStore
  readonly job: BatchJob
  readonly model: Sam2Model
  /** The job's video on this machine. */
  readonly video: LocalVideo
  /** A folder for what is on its way; each job takes one of its own below it. */
  readonly workFolder: string
  /** Steps after which the work done so far goes to the store. */
  readonly spanSteps: number
  /** What the model says of how it runs; more may come while the job is done. They are kept with its result. */
  readonly notices: readonly string[]
  /** The job is not done yet, and this call does it. */
  onBegin?(): void
  onProgress(stepsDone: number, stepCount: number): void
}

/**
 * Does a job from where the store has it: tracks span by span, exports, and puts the result under the job's name.
 * @returns whether this call made the result; it may have been there, or another worker may have been quicker
 * @throws StoreUnavailable, FileChanged, and what opening, tracking and exporting throw
 */
export async function runJob(options: RunJobOptions): Promise<'made' | 'there'> {
  const { store, job } = options
  const key = jobKey(job)
  const spans = new StoredSpans(store, key)
  if (await isDone(store, key, spans)) return 'there'
  options.onBegin?.()
  await options.video.requireContent()
  const tools = await findMediaTools()
  const video = await openVideo(options.video.path, { tools, checkEveryFrame: true })
  try {
    const range = rangeOf(job.content, video)
    const shots = await shotsOf(job.content, video, range)
    const found = await track(options, spans, { video, range, shots: shots ?? new Shots() })
    if (found === null) return 'there'
    const folder = await mkdtemp(join(options.workFolder, 'job-'))
    try {
      const { outputs, fillOpacity } = job.content
      const selection = { range, step: 1 }
      const annotation = { ...DEFAULT_ANNOTATION, fillOpacity }
      const sink = await openVideoExports(outputs, {
        ...{ source: video, tools, selection, annotation, objects: exportObjects(job.content) },
        ...(shots === null ? {} : { shotStarts: () => shots.starts }),
        outputFolder: folder,
      })
      await exportFrames({
        ...{ source: video, tools, selection, sinks: [sink], whenStopped: 'discard' },
        pictures: outputs.some((name) => VIDEO_EXPORTS[name].needsPictures),
        masksOf: (frameIndex) => found.get(frameIndex) ?? { frameIndex, masks: [] },
      })
      // Nothing of another content goes under this one's name.
      await options.video.requireContent()
      const isMade = await storeResult(store, key, folder, {
        frameCount: range.last - range.first + 1,
        notices: options.notices,
      })
      await spans.clear()
      return isMade ? 'made' : 'there'
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  } finally {
    await video.close()
  }
}

/** Spans of a job that is done are of no use any more; one that was slower, or could not clear them, leaves some. */
async function isDone(store: ResultStore, key: string, spans: StoredSpans): Promise<boolean> {
  if (!(await hasResult(store, key))) return false
  await spans.clear()
  return true
}

/**
 * Tracks what no span has yet.
 * @returns all frames that were found, by frame index; null where another worker has finished the job meanwhile
 */
async function track(
  { store, job, model, spanSteps, onProgress, video: file }: RunJobOptions,
  spans: StoredSpans,
  { video, range, shots }: { video: VideoSource; range: FrameRange; shots: Shots },
): Promise<Map<number, TrackedFrame> | null> {
  const { direction, mode, tracking } = job.content
  const walk = new JobWalk({
    ...{ video, model, prompts: promptsOf(job.content), direction, range, mode, tracking, shots },
  })
  const chain = await spans.chain()
  const found = new Map<number, TrackedFrame>()
  // A frame that both legs pass is the later one's, as in a single run.
  for (const frame of chain.flatMap(({ frames }) => frames)) found.set(frame.frameIndex, frame)
  let stepsDone = chain.reduce((sum, { frames }) => sum + frames.length, 0)
  const last = chain.at(-1)
  let span: TrackedFrame[] = []
  onProgress(stepsDone, walk.stepCount)
  for await (const frame of walk.steps(last === undefined ? null : { stepsDone, bank: last.bank })) {
    found.set(frame.frameIndex, frame)
    span.push(frame)
    stepsDone++
    if (span.length >= spanSteps && stepsDone < walk.stepCount && walk.canPause(stepsDone)) {
      if (await isDone(store, jobKey(job), spans)) return null
      await file.requireUntouched()
      await spans.add({ firstStep: stepsDone - span.length, frames: span, bank: await walk.capture() })
      span = []
    }
    onProgress(stepsDone, walk.stepCount)
  }
  return found
}

function rangeOf({ range }: JobContent, { frameCount }: VideoSource): FrameRange {
  const chosen = { first: range.first ?? 0, last: range.last ?? frameCount - 1 }
  if (chosen.first > chosen.last || chosen.last >= frameCount)
    throw new NothingToTrack(
      `Frames ${chosen.first} to ${chosen.last} are not all in the video, whose last frame is ${frameCount - 1}.`,
    )
  return chosen
}

/** Where shots begin; a worker that goes on finds the same ones. Null where nobody is to look. */
async function shotsOf(
  { mode, tracking }: JobContent,
  video: VideoSource,
  range: FrameRange,
): Promise<Shots | null> {
  if (!tracking.detectShots || mode === 'reference') return null
  return new Shots((await findShots(video, range)).map(({ frameIndex }) => frameIndex))
}

function promptsOf({ objects }: JobContent): FramePrompt[] {
  return objects.flatMap(({ frames }, index) =>
    frames.map((frame) => ({ objectId: index + 1, frameIndex: frame.frameIndex, prompt: promptOf(frame) })),
  )
}

function promptOf(frame: JobContent['objects'][number]['frames'][number]): FramePrompt['prompt'] {
  if (frame.kind === 'points-or-box')
    return { kind: frame.kind, points: frame.points, ...(frame.box === null ? {} : { box: frame.box }) }
  return { kind: 'mask', mask: decodeRunLength(frame.mask) }
}

function exportObjects({ objects }: JobContent): ExportObject[] {
  return objects.map(({ name }, index) => ({ objectId: index + 1, name, colour: trackColour(index) }))
}
