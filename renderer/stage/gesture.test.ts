import { describe, expect, test } from 'vitest'
import type { Prompt } from '../../electron/contract/prompts.ts'
import {
  cancelGesture,
  IDLE,
  pointerDown,
  pointerMove,
  pointerUp,
  wholeBox,
  type GestureScene,
  type PointerSample,
  type StageIntent,
  type StageTool,
} from './gesture.ts'

const place = { videoId: 1, objectId: 2, frameIndex: 3 }
const point: Prompt = { kind: 'point', id: 10, ...place, x: 50, y: 40, label: 1 }
const box: Prompt = { kind: 'box', id: 11, ...place, box: { left: 80, top: 20, right: 120, bottom: 60 } }

/** Two stage pixels a source pixel, the picture's corner at 10, 20. */
function scene(tool: StageTool, more: Partial<GestureScene> = {}): GestureScene {
  return {
    tool,
    panning: false,
    transform: { offsetX: 10, offsetY: 20, scaleX: 2, scaleY: 2 },
    picture: { widthPx: 200, heightPx: 100, pixelAspectRatio: 1 },
    prompts: [point, box],
    ...more,
  }
}

type Modifiers = Partial<Omit<PointerSample, 'at'>>

function sample(x: number, y: number, more: Modifiers = {}): PointerSample {
  return { at: { x, y }, button: 'primary', alt: false, shift: false, ...more }
}

/** Presses, visits the places, lets go at the last one; answers everything that was asked for. */
function drag(
  shown: GestureScene,
  places: readonly (readonly [number, number])[],
  more: Modifiers = {},
): StageIntent[] {
  const [first, ...rest] = places
  const intents: StageIntent[] = []
  const started = pointerDown(shown, sample(first![0], first![1], more))
  intents.push(...started.intents)
  let { gesture } = started
  for (const [x, y] of rest) {
    const moved = pointerMove(shown, gesture, sample(x, y, more))
    intents.push(...moved.intents)
    gesture = moved.gesture
  }
  const last = places[places.length - 1]!
  const ended = pointerUp(shown, gesture, sample(last[0], last[1], more))
  expect(ended.gesture).toEqual(IDLE)
  return [...intents, ...ended.intents]
}

describe('point tool', () => {
  test('a click adds a point of the pixel under it', () => {
    expect(drag(scene('point'), [[71.5, 45]])).toEqual([
      { kind: 'addPoint', pixel: { x: 30, y: 12 }, label: 1 },
    ])
  })

  test('Alt or the second button makes it negative', () => {
    const negative = [{ kind: 'addPoint', pixel: { x: 30, y: 12 }, label: 0 }]
    expect(drag(scene('point'), [[71, 45]], { alt: true })).toEqual(negative)
    expect(drag(scene('point'), [[71, 45]], { button: 'secondary' })).toEqual(negative)
  })

  test('a press that is dragged away or lies outside the picture adds nothing', () => {
    expect(
      drag(scene('point'), [
        [71, 45],
        [90, 45],
      ]),
    ).toEqual([])
    expect(drag(scene('point'), [[4, 4]])).toEqual([])
  })

  test('a hand that trembles still clicks', () => {
    expect(
      drag(scene('point'), [
        [71, 45],
        [73, 46],
      ]),
    ).toHaveLength(1)
  })
})

describe('prompts', () => {
  test('a point is selected by a click and moved by a drag', () => {
    expect(drag(scene('point'), [[111, 101]])).toEqual([{ kind: 'selectPrompt', promptId: 10 }])
    expect(
      drag(scene('select'), [
        [111, 101],
        [130, 101],
        [150, 120],
      ]),
    ).toEqual([
      { kind: 'selectPrompt', promptId: 10 },
      { kind: 'movePoint', promptId: 10, pixel: { x: 70, y: 50 } },
    ])
  })

  test('a point dragged out of the picture stays on its edge', () => {
    expect(
      drag(scene('point'), [
        [111, 101],
        [-500, 900],
      ]).at(-1),
    ).toEqual({
      kind: 'movePoint',
      promptId: 10,
      pixel: { x: 0, y: 99 },
    })
  })

  test('a box is resized by its corner, also beyond the opposite one', () => {
    expect(
      drag(scene('box'), [
        [250, 140],
        [270, 150],
      ]).at(-1),
    ).toEqual({
      kind: 'setBox',
      promptId: 11,
      box: { left: 80, top: 20, right: 130, bottom: 65 },
    })
    expect(
      drag(scene('box'), [
        [250, 140],
        [130, 40],
      ]).at(-1),
    ).toEqual({
      kind: 'setBox',
      promptId: 11,
      box: { left: 60, top: 10, right: 80, bottom: 20 },
    })
  })

  test('a box is moved by its side and stays in the picture', () => {
    expect(
      drag(scene('select'), [
        [210, 60],
        [214, 60],
        [190, 500],
      ]).at(-1),
    ).toEqual({
      kind: 'setBox',
      promptId: 11,
      box: { left: 70, top: 60, right: 110, bottom: 100 },
    })
  })

  test('the brush paints over prompts', () => {
    expect(drag(scene('brush'), [[111, 101]])[0]).toEqual({ kind: 'beginStroke', value: 1 })
  })
})

describe('box tool', () => {
  test('a drag in any direction gives a box of whole pixels', () => {
    expect(
      drag(scene('box'), [
        [41, 81],
        [20.5, 30.5],
      ]),
    ).toEqual([{ kind: 'setBox', promptId: null, box: { left: 5, top: 5, right: 16, bottom: 31 } }])
  })

  test('a click gives none', () => {
    expect(
      drag(scene('box'), [
        [41, 81],
        [43, 82],
      ]),
    ).toEqual([])
  })

  test('it is cut to the picture', () => {
    const picture = { widthPx: 200, heightPx: 100, pixelAspectRatio: 1 }
    expect(wholeBox({ x: -5, y: 90.2 }, { x: 20, y: 300 }, picture)).toEqual({
      left: 0,
      top: 90,
      right: 20,
      bottom: 100,
    })
    expect(wholeBox({ x: -50, y: 5 }, { x: -5, y: 20 }, picture)).toBeNull()
  })
})

describe('brush, eraser, lasso', () => {
  test('a stroke is handed on piece by piece', () => {
    expect(
      drag(scene('brush'), [
        [20, 30],
        [30, 30],
      ]),
    ).toEqual([
      { kind: 'beginStroke', value: 1 },
      { kind: 'stroke', from: { x: 5, y: 5 }, to: { x: 5, y: 5 }, value: 1 },
      { kind: 'stroke', from: { x: 5, y: 5 }, to: { x: 10, y: 5 }, value: 1 },
      { kind: 'stroke', from: { x: 10, y: 5 }, to: { x: 10, y: 5 }, value: 1 },
      { kind: 'endStroke', value: 1 },
    ])
  })

  test('the eraser erases, and Alt turns brush and eraser round', () => {
    const values = (tool: StageTool, alt: boolean) =>
      drag(scene(tool), [[20, 30]], { alt }).map((intent) => ('value' in intent ? intent.value : null))
    expect(new Set(values('eraser', false))).toEqual(new Set([0]))
    expect(new Set(values('brush', true))).toEqual(new Set([0]))
    expect(new Set(values('eraser', true))).toEqual(new Set([1]))
  })

  test('a lasso closes over the places it passed', () => {
    const [intent] = drag(scene('lasso'), [
      [20, 30],
      [20.5, 30],
      [60, 30],
      [60, 90],
    ])
    expect(intent).toEqual({
      kind: 'lasso',
      value: 1,
      corners: [
        { x: 5, y: 5 },
        { x: 25, y: 5 },
        { x: 25, y: 35 },
      ],
    })
    expect(
      drag(scene('lasso'), [
        [20, 30],
        [60, 30],
      ]),
    ).toEqual([])
  })

  test('a stroke that is broken off leaves nothing', () => {
    const { gesture } = pointerDown(scene('brush'), sample(20, 30))
    expect(cancelGesture(gesture).intents).toEqual([{ kind: 'dropStroke' }])
    expect(cancelGesture(IDLE).intents).toEqual([])
  })
})

describe('looking around', () => {
  test('the middle button, or any with the hand held, moves the picture', () => {
    const moved = [
      { kind: 'pan', delta: { x: 10, y: -4 } },
      { kind: 'pan', delta: { x: 0, y: 0 } },
    ]
    expect(
      drag(
        scene('brush'),
        [
          [20, 30],
          [30, 26],
        ],
        { button: 'middle' },
      ),
    ).toEqual(moved)
    expect(
      drag(scene('point', { panning: true }), [
        [111, 101],
        [121, 97],
      ]),
    ).toEqual(moved)
  })

  test('the select tool picks by a click and moves the picture by a drag', () => {
    expect(drag(scene('select'), [[71, 45]])).toEqual([
      { kind: 'pickObject', pixel: { x: 30, y: 12 }, add: false },
    ])
    expect(drag(scene('select'), [[71, 45]], { shift: true })).toEqual([
      { kind: 'pickObject', pixel: { x: 30, y: 12 }, add: true },
    ])
    expect(drag(scene('select'), [[2, 2]])).toEqual([{ kind: 'pickObject', pixel: null, add: false }])
    expect(
      drag(scene('select'), [
        [71, 45],
        [81, 45],
      ])[0],
    ).toEqual({ kind: 'pan', delta: { x: 10, y: 0 } })
  })
})
