import { frameToX, visibleFrames, type TimeScale } from './time-scale.ts'

/** A line of the ruler at the start of a frame; one with a number is longer. */
export interface RulerTick {
  readonly frameIndex: number
  readonly x: number
  readonly isNumbered: boolean
}

const NUMBER_APART_PX = 72
const TICK_APART_PX = 9

/** Frames from one number to the next: 1, 2 or 5 times a power of ten, far enough apart to be read. */
export function numberStep(pxPerFrame: number): number {
  for (let power = 1; ; power *= 10) {
    for (const digit of [1, 2, 5]) {
      if (digit * power * pxPerFrame >= NUMBER_APART_PX) return digit * power
    }
  }
}

/** Frames from one line to the next: a divisor of the number step. */
export function tickStep(pxPerFrame: number): number {
  const step = numberStep(pxPerFrame)
  const parts = [10, 5, 2].find((count) => step % count === 0 && (step / count) * pxPerFrame >= TICK_APART_PX)
  return step / (parts ?? 1)
}

/** The lines that are seen. */
export function rulerTicks(scale: TimeScale, frameCount: number): RulerTick[] {
  const numbered = numberStep(scale.pxPerFrame)
  const step = tickStep(scale.pxPerFrame)
  const { first, last } = visibleFrames(scale, frameCount)
  const ticks: RulerTick[] = []
  // A number that stands left of what is seen may still reach into it.
  const from = Math.max(0, Math.floor(first / numbered) * numbered)
  for (let frameIndex = from; frameIndex <= last; frameIndex += step) {
    ticks.push({ frameIndex, x: frameToX(scale, frameIndex), isNumbered: frameIndex % numbered === 0 })
  }
  return ticks
}
