import { describe, expect, test } from 'vitest'
import { cursorLook, draggedPrompts, systemCursor, type CursorState } from './cursor-look.ts'
import { IDLE } from './gesture.ts'
import { paneLeft, stagePanes } from './stage-panes.ts'

const state: CursorState = {
  tool: 'brush',
  gesture: IDLE,
  pointer: { x: 50, y: 60 },
  keyboardPointer: null,
  isTurned: false,
  transform: { offsetX: 10, offsetY: 20, scaleX: 4, scaleY: 2 },
  brushRadius: { x: 5, y: 10 },
  colour: '#123456',
}

describe('drawing at the pointer', () => {
  test('the brush is as large as what it paints, and round where pixels are not square', () => {
    expect(cursorLook(state)).toEqual({
      kind: 'brush',
      at: { x: 50, y: 60 },
      radius: { x: 20, y: 20 },
      erases: false,
    })
  })

  test('it says when it erases: the eraser, or the brush with Alt', () => {
    const erases = (change: Partial<CursorState>) => {
      const look = cursorLook({ ...state, ...change })
      return look?.kind === 'brush' && look.erases
    }
    expect(erases({ tool: 'eraser' })).toBe(true)
    expect(erases({ isTurned: true })).toBe(true)
    expect(erases({ tool: 'eraser', isTurned: true })).toBe(false)
    const stroke = { kind: 'stroke', value: 1, last: { x: 0, y: 0 } } as const
    expect(erases({ isTurned: true, gesture: stroke })).toBe(false)
  })

  test('a box is drawn from where it began', () => {
    const gesture = { kind: 'box', at: { x: 0, y: 0 }, from: { x: 5, y: 5 }, to: { x: 10, y: 10 } } as const
    expect(cursorLook({ ...state, tool: 'box', gesture })).toEqual({
      kind: 'box',
      from: { x: 30, y: 30 },
      to: { x: 50, y: 40 },
      colour: '#123456',
    })
  })

  test('nothing is drawn for other tools or while the pointer is elsewhere', () => {
    expect(cursorLook({ ...state, tool: 'point' })).toBeNull()
    expect(cursorLook({ ...state, pointer: null })).toBeNull()
    expect(cursorLook({ ...state, keyboardPointer: { x: 1, y: 2 } })?.kind).toBe('crosshair')
  })

  test('the system’s cursor says what a press would do', () => {
    expect(systemCursor('point', IDLE, null)).toBe('crosshair')
    expect(systemCursor('point', IDLE, 'point')).toBe('move')
    expect(systemCursor('box', IDLE, 'topLeft')).toBe('nwse-resize')
    expect(systemCursor('brush', IDLE, null)).toBe('none')
    expect(systemCursor('select', { kind: 'pan', at: { x: 0, y: 0 } }, null)).toBe('grabbing')
  })

  test('a prompt that is dragged is drawn where it is held', () => {
    const prompts = [{ id: 1, kind: 'point', x: 3, y: 4 }]
    const held = { kind: 'movePoint', promptId: 1, at: { x: 0, y: 0 }, pixel: { x: 9, y: 8 } } as const
    expect(draggedPrompts(prompts, held)).toEqual([{ id: 1, kind: 'point', x: 9, y: 8 }])
    expect(draggedPrompts(prompts, { ...held, pixel: null })).toEqual(prompts)
  })
})

describe('panes', () => {
  const stage = { widthPx: 1001, heightPx: 600, pixelRatio: 1 }

  test('two of the same size beside each other, or one', () => {
    expect(stagePanes(stage, 'overlay').map(({ x, widthPx }) => [x, widthPx])).toEqual([[0, 1001]])
    expect(stagePanes(stage, 'sideBySide').map(({ x, widthPx }) => [x, widthPx])).toEqual([
      [0, 500],
      [501, 500],
    ])
  })

  test('the pointer is in the one it is over', () => {
    expect([0, 499, 501, 900].map((x) => paneLeft(stage, 'sideBySide', x))).toEqual([0, 0, 501, 501])
    expect(paneLeft(stage, 'mattes', 900)).toBe(0)
  })
})
