import { useRafFn } from '@vueuse/core'
import { onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import type { Video } from '../../electron/contract/project.ts'
import { usePlayback } from '../stores/playback.ts'
import { usePresentationTimes } from '../stores/presentation-times.ts'
import { useSelection } from '../stores/selection.ts'
import { FrameSupply } from './frame-supply.ts'
import { addressBesidePage, loadPicture } from './load-picture.ts'
import { PictureCache } from './picture-cache.ts'
import { PlaybackClock } from './playback-clock.ts'
import { PlaybackRun } from './playback-run.ts'
import type { SceneView } from './stage-scene.ts'

export interface FramesParts {
  readonly scene: ComputedRef<SceneView | null>
  /** A frame is to come onto the stage. */
  want(frameIndex: number): void
  /** A picture came that may be better than the one that is shown. */
  refresh(): void
  /** Another video is looked at: nothing of the one before may stay on the stage. */
  reset(): void
}

const CACHE_BYTES = 256 * 1_048_576
const LOADS_AT_ONCE = 4
/** Frames that change faster than this get quick pictures first. */
const MOVING_MS = 180
/** Who stays this long may step back next. */
const STAY_MS = 700
const RETRY_MS = 1_600

/** Fetches the pictures that the stage needs, resting, scrubbing and playing, and drives the film while it plays. */
export function useFrames({ scene, want, refresh, reset }: FramesParts) {
  const selection = useSelection()
  const playback = usePlayback()
  const times = usePresentationTimes()

  /** The frame that is on the stage, or null; its number is the truth, whatever is wanted. */
  const shownFrame = shallowRef<number | null>(null)
  /** The wanted frame could not be had. */
  const failed = shallowRef(false)

  const cache = new PictureCache<ImageBitmap>({
    load: loadPicture,
    maxBytes: CACHE_BYTES,
    concurrency: LOADS_AT_ONCE,
    onSettled: onPicture,
    now: () => performance.now(),
  })
  let supply: FrameSupply | null = null
  let run: PlaybackRun | null = null
  let restTimer: ReturnType<typeof setTimeout> | undefined
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let changedAt = -Infinity

  const now = (): number => performance.now() / 1000

  function onPicture(): void {
    failed.value = !playback.playing && (supply?.failed(selection.frameIndex) ?? false)
    if (failed.value) {
      clearTimeout(retryTimer)
      retryTimer = setTimeout(() => {
        if (!playback.playing) supply?.wantResting(selection.frameIndex)
      }, RETRY_MS)
    }
    refresh()
  }

  function rest(): void {
    supply?.wantResting(selection.frameIndex)
    restTimer = setTimeout(() => supply?.wantResting(selection.frameIndex, true), STAY_MS)
  }

  /** Another frame is looked at while the film rests. */
  function goTo(frameIndex: number): void {
    if (supply === null) return
    failed.value = false
    const isMoving = performance.now() - changedAt < MOVING_MS
    changedAt = performance.now()
    clearTimeout(restTimer)
    if (isMoving && !supply.has(frameIndex)) {
      supply.wantMoving(frameIndex)
      restTimer = setTimeout(rest, MOVING_MS)
    } else rest()
    want(frameIndex)
  }

  function startRun(video: Video): void {
    const table = times.tables.get(video.contentId)
    if (supply === null || table === undefined) return
    const { loop } = playback
    const span = loop ? { ...selection.markedSpan, loop } : { first: 0, last: selection.lastFrame, loop }
    const clock = new PlaybackClock(table, span, playback.rate, selection.frameIndex, now())
    run = new PlaybackRun(clock, supply, now())
  }

  const loop = useRafFn(
    () => {
      const tick = run?.tick(now())
      if (tick === undefined) return
      if (tick.show !== null) want(tick.show)
      playback.droppedPictures += tick.dropped
      if (tick.ended) playback.pause()
    },
    { immediate: false },
  )

  watch(
    () => [selection.video?.id, selection.video?.contentId, selection.video?.link] as const,
    () => {
      const { video } = selection
      reset()
      shownFrame.value = null
      failed.value = false
      run = null
      supply =
        video === null || video.link === 'missing' ? null : new FrameSupply(video, cache, addressBesidePage)
      if (video === null || supply === null) {
        cache.want([], true)
        return
      }
      resize()
      void times.ensure(video)
      goTo(selection.frameIndex)
    },
    { immediate: true },
  )

  function resize(): void {
    if (scene.value === null) return
    const { transform, picture, stage } = scene.value
    const deviceScale = transform.scaleX * stage.pixelRatio
    supply?.setSize({ deviceWidthPx: picture.widthPx * deviceScale, zoom: deviceScale })
  }

  watch(scene, () => {
    resize()
    // A frame that was fetched at the size of the stage may be wanted larger now.
    if (!playback.playing) {
      clearTimeout(restTimer)
      restTimer = setTimeout(rest, MOVING_MS)
    }
  })

  watch(
    () => selection.frameIndex,
    (frameIndex) => {
      if (!playback.playing) goTo(frameIndex)
      // Somebody else went elsewhere while the film runs: it runs on from there.
      else if (frameIndex !== shownFrame.value && selection.video !== null) {
        want(frameIndex)
        startRun(selection.video)
      }
    },
  )

  watch(
    () => [playback.playing, playback.loop, selection.markedSpan] as const,
    ([playing], before) => {
      const { video } = selection
      if (!playing || video === null) {
        loop.pause()
        run = null
        // The film rests on the picture that is shown, not on one that was still to come.
        if (before?.[0] === true) goTo(selection.frameIndex)
        return
      }
      clearTimeout(restTimer)
      void times.ensure(video).then(() => {
        if (!playback.playing || selection.video?.id !== video.id) return
        startRun(video)
        if (run === null) playback.pause()
        else loop.resume()
      })
    },
  )
  watch(
    () => playback.rate,
    (rate) => run?.setRate(rate, now()),
  )

  onScopeDispose(() => {
    clearTimeout(restTimer)
    clearTimeout(retryTimer)
    cache.close()
  })

  return {
    shownFrame,
    failed,
    pictureOf: (frameIndex: number): ImageBitmap | null => supply?.pictureOf(frameIndex) ?? null,
    /** A frame, or a better picture of it, came onto the stage. */
    presented: (frameIndex: number): void => {
      supply?.hold(frameIndex)
      shownFrame.value = frameIndex
      if (playback.playing) selection.goToFrame(frameIndex)
    },
  }
}
