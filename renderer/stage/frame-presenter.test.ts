import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FramePresenter, type KeyedWish } from './frame-presenter.ts'
import type { PaintedOverlay } from './overlay-painter.ts'

function desk() {
  const pictures = new Map<number, string>()
  const frameHasMasks = new Set<number>()
  const asked: number[] = []
  const log: string[] = []
  const wishOf = (frameIndex: number): KeyedWish => ({
    key: `overlay ${frameIndex}`,
    wish: {
      videoId: 1,
      frameIndex,
      masks: [],
      transform: { offsetX: 0, offsetY: 0, scaleX: 1, scaleY: 1 },
      widthPx: 1,
      heightPx: 1,
      pixelRatio: 1,
    },
  })
  const presenter = new FramePresenter<string>({
    pictureOf: (frame) => pictures.get(frame) ?? null,
    overlayOf: (frame) => (frameHasMasks.has(frame) ? wishOf(frame) : null),
    paint: ({ wish }) => {
      asked.push(wish.frameIndex)
    },
    present: (frame, picture, overlay) => {
      log.push(`frame ${frame}: ${picture}, ${overlay?.key ?? 'no masks'}`)
    },
    setPicture: (_frame, picture) => {
      log.push(picture)
    },
    setOverlay: (overlay) => {
      log.push(overlay?.key ?? 'no masks')
    },
  })
  const paint = (frameIndex: number): void => {
    const { key, wish } = wishOf(frameIndex)
    presenter.painted({ key, job: { ...wish, id: 1 } } as PaintedOverlay)
  }
  return { presenter, pictures, frameHasMasks, asked, log, paint }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('bringing frames onto the stage', () => {
  test('waits for the picture, then shows picture and masks at once', () => {
    const { presenter, pictures, frameHasMasks, log, paint } = desk()
    frameHasMasks.add(5)
    presenter.want(5)
    expect(log).toEqual([])
    pictures.set(5, 'five')
    presenter.refresh()
    expect(log).toEqual([])
    paint(5)
    expect(log).toEqual(['frame 5: five, overlay 5'])
  })

  test('a frame without masks is shown at once', () => {
    const { presenter, pictures, log } = desk()
    pictures.set(5, 'five')
    presenter.want(5)
    expect(log).toEqual(['frame 5: five, no masks'])
  })

  test('masks that take long come later and are not held against the picture', () => {
    const { presenter, pictures, frameHasMasks, log, paint } = desk()
    pictures.set(5, 'five')
    frameHasMasks.add(5)
    presenter.want(5)
    vi.advanceTimersByTime(100)
    paint(5)
    expect(log).toEqual(['frame 5: five, no masks', 'overlay 5'])
  })

  test('masks of another frame never come over the picture', () => {
    const { presenter, pictures, frameHasMasks, log, paint } = desk()
    pictures.set(5, 'five')
    presenter.want(5)
    log.length = 0
    frameHasMasks.add(9)
    paint(9)
    expect(log).toEqual([])
  })

  test('while the film runs, a frame whose masks are ready is shown though the next is wanted', () => {
    const { presenter, pictures, frameHasMasks, log, paint } = desk()
    for (const frame of [1, 2, 3]) {
      pictures.set(frame, `picture ${frame}`)
      frameHasMasks.add(frame)
      presenter.want(frame)
    }
    paint(2)
    expect(log).toEqual(['frame 2: picture 2, overlay 2'])
    paint(1)
    expect(log).toHaveLength(1)
    paint(3)
    expect(log.at(-1)).toBe('frame 3: picture 3, overlay 3')
  })

  test('the frame on the stage gets a better picture and newer masks', () => {
    const { presenter, pictures, frameHasMasks, log, asked, paint } = desk()
    pictures.set(5, 'quick')
    presenter.want(5)
    pictures.set(5, 'exact')
    frameHasMasks.add(5)
    presenter.refresh()
    expect(log.at(-1)).toBe('exact')
    expect(asked).toEqual([5])
    paint(5)
    expect(log.at(-1)).toBe('overlay 5')
    frameHasMasks.delete(5)
    presenter.refresh()
    expect(log.at(-1)).toBe('no masks')
  })

  test('going back before the next frame came leaves the first one', () => {
    const { presenter, pictures, frameHasMasks, log, paint } = desk()
    pictures.set(5, 'five')
    presenter.want(5)
    pictures.set(6, 'six')
    frameHasMasks.add(6)
    presenter.want(6)
    presenter.want(5)
    paint(6)
    vi.advanceTimersByTime(1_000)
    expect(log.filter((line) => line.startsWith('frame'))).toEqual(['frame 5: five, no masks'])
  })

  test('after a reset nothing that was asked for comes', () => {
    const { presenter, pictures, frameHasMasks, log, paint } = desk()
    pictures.set(5, 'five')
    frameHasMasks.add(5)
    presenter.want(5)
    presenter.reset()
    paint(5)
    vi.advanceTimersByTime(1_000)
    expect(log).toEqual([])
  })
})
