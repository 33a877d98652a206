import { describe, expect, test } from 'vitest'
import { DEFAULT_CLEANUP, type TrackedObject } from '../../electron/contract/project.ts'
import type { FrameMask } from '../../electron/contract/tracking.ts'
import { drawnMask } from './mask-fixture.ts'
import { overlayWish, type OverlayLook } from './overlay-wish.ts'

function object(id: number, colour: string): TrackedObject {
  return {
    id,
    name: `object ${id}`,
    colour,
    classId: null,
    visible: true,
    locked: false,
    cleanup: DEFAULT_CLEANUP,
    sortOrder: id,
  }
}

function frameMask(objectId: number, more: Partial<FrameMask> = {}): FrameMask {
  return {
    videoId: 1,
    objectId,
    frameIndex: 7,
    versionId: 1,
    stale: false,
    areaPx: 2,
    mask: drawnMask('##', '..'),
    objectScore: null,
    predictedIou: null,
    stability: null,
    suspicion: null,
    suspectReasons: [],
    ...more,
  }
}

const look: OverlayLook = {
  videoId: 1,
  frameIndex: 7,
  masks: [frameMask(2), frameMask(1)],
  objects: [object(1, '#ff0000'), object(2, '#00ff00'), object(3, '#0000ff')],
  shownObjectIds: new Set([1, 2, 3]),
  selectedObjectId: 2,
  view: { mode: 'overlay', fillOpacity: 0.42, outline: true },
  preview: null,
  paintedObjectId: null,
  transform: { offsetX: 0, offsetY: 0, scaleX: 1, scaleY: 1 },
  pane: { widthPx: 10, heightPx: 10, pixelRatio: 1 },
}

function drawn(change: Partial<OverlayLook>) {
  return overlayWish({ ...look, ...change })?.wish.masks.map(({ colour, fillOpacity, outline }) => ({
    colour: colour.join(),
    fillOpacity,
    outline,
  }))
}

describe('how masks look', () => {
  test('objects in their order, the selected one stronger', () => {
    expect(drawn({})).toEqual([
      { colour: '255,0,0', fillOpacity: 0.42, outline: 'plain' },
      { colour: '0,255,0', fillOpacity: 0.42, outline: 'strong' },
    ])
  })

  test('hidden, empty and painted objects are left out', () => {
    expect(drawn({ shownObjectIds: new Set([2]) })).toHaveLength(1)
    expect(drawn({ masks: [frameMask(1, { areaPx: 0 }), frameMask(2)] })).toHaveLength(1)
    expect(drawn({ paintedObjectId: 2 })).toHaveLength(1)
    expect(drawn({ masks: [] })).toBeUndefined()
  })

  test('masks from before the last correction are dashed', () => {
    expect(drawn({ masks: [frameMask(2, { stale: true })] })?.[0]?.outline).toBe('dashed')
  })

  test('mattes are solid; a lone one is white', () => {
    const view = { mode: 'mattes' as const, fillOpacity: 0.42, outline: true }
    expect(drawn({ view })).toEqual([
      { colour: '255,0,0', fillOpacity: 1, outline: 'none' },
      { colour: '0,255,0', fillOpacity: 1, outline: 'none' },
    ])
    expect(drawn({ view, shownObjectIds: new Set([1]) })?.[0]?.colour).toBe('255,255,255')
  })

  test('a preview takes the place of its object’s mask, also where it has none', () => {
    const preview = { objectId: 3, mask: drawnMask('#.', '..') }
    expect(drawn({ preview })?.[2]).toEqual({ colour: '0,0,255', fillOpacity: 0.42, outline: 'preview' })
    const free = { objectId: null, mask: drawnMask('#.', '..') }
    expect(drawn({ preview: free })).toHaveLength(3)
  })

  test('equal looks have equal keys, others not', () => {
    const key = (change: Partial<OverlayLook>) => overlayWish({ ...look, ...change })?.key
    expect(key({})).toBe(key({}))
    const others = [
      key({ frameIndex: 8 }),
      key({ selectedObjectId: 1 }),
      key({ view: { ...look.view, fillOpacity: 0.5 } }),
      key({ masks: [frameMask(2, { mask: drawnMask('.#', '..') }), look.masks[1]!] }),
      key({ transform: { ...look.transform, offsetX: 1 } }),
    ]
    expect(new Set([key({}), ...others]).size).toBe(6)
  })
})
