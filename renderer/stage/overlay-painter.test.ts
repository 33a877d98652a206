import { describe, expect, test } from 'vitest'
import type { OverlayAnswer, OverlayJob } from './overlay-job.ts'
import { OverlayPainter, type OverlayWorker, type PaintedOverlay } from './overlay-painter.ts'

const wish = {
  videoId: 1,
  frameIndex: 0,
  masks: [],
  transform: { offsetX: 0, offsetY: 0, scaleX: 1, scaleY: 1 },
  widthPx: 10,
  heightPx: 10,
  pixelRatio: 1,
}

/** A worker whose answers the test gives, and the bitmap's part that a painter sees. */
class DeskWorker implements OverlayWorker {
  onmessage: ((event: MessageEvent<OverlayAnswer>) => void) | null = null
  readonly jobs: OverlayJob[] = []
  readonly closed: number[] = []

  postMessage(job: OverlayJob): void {
    this.jobs.push(job)
  }

  terminate(): void {
    this.onmessage = null
  }

  answer(id: number): void {
    const picture = {
      width: 10,
      height: 10,
      close: () => {
        this.closed.push(id)
      },
    } as ImageBitmap
    this.onmessage?.({ data: { id, picture } } as MessageEvent<OverlayAnswer>)
  }
}

function desk(maxPictures = 100) {
  const worker = new DeskWorker()
  const painted: number[] = []
  const painter = new OverlayPainter(worker, maxPictures * 400, ({ job }: PaintedOverlay) =>
    painted.push(job.id),
  )
  return { worker, painter, painted }
}

describe('overlay painter', () => {
  test('one job at a time, and of those that wait only the newest', () => {
    const { worker, painter, painted } = desk()
    for (const key of ['a', 'b', 'c']) painter.paint(key, wish)
    expect(worker.jobs).toHaveLength(1)
    worker.answer(1)
    expect(worker.jobs).toHaveLength(2)
    worker.answer(2)
    expect(worker.jobs).toHaveLength(2)
    expect(painted).toEqual([1, 2])
    painter.paint('c', wish)
    expect(worker.jobs).toHaveLength(2)
    expect(painted).toEqual([1, 2, 2])
  })

  test('the same wish again is not drawn twice', () => {
    const { worker, painter } = desk()
    painter.paint('a', wish)
    painter.paint('a', wish)
    worker.answer(1)
    expect(worker.jobs).toHaveLength(1)
  })

  test('an older picture never comes after a newer one that was kept', () => {
    const { worker, painter, painted } = desk()
    painter.paint('a', wish)
    worker.answer(1)
    painter.paint('b', wish)
    painter.paint('a', wish)
    worker.answer(2)
    expect(painted).toEqual([1, 1])
  })

  test('keeps to its bytes and never closes what is shown', () => {
    const { worker, painter } = desk(2)
    for (const [index, key] of ['a', 'b', 'c', 'd'].entries()) {
      painter.paint(key, wish)
      worker.answer(index + 1)
    }
    expect(worker.closed).toEqual([1, 2])
    painter.close()
    expect(worker.closed).toEqual([1, 2, 3, 4])
  })

  test('a job that failed does not stop the next', () => {
    const { worker, painter, painted } = desk()
    painter.paint('a', wish)
    painter.paint('b', wish)
    worker.onmessage?.({ data: { id: 1, picture: null } } as MessageEvent<OverlayAnswer>)
    worker.answer(2)
    expect(painted).toEqual([2])
  })
})
