import { describe, expect, test } from 'vitest'
import type { Prompt } from '../../electron/contract/prompts.ts'
import { objectAt, promptAt } from './hit-test.ts'
import { drawnRuns } from './mask-fixture.ts'

describe('picking an object', () => {
  const large = { objectId: 1, runs: drawnRuns('####', '####', '####') }
  const small = { objectId: 2, runs: drawnRuns('....', '.##.', '....') }

  test('the smaller one wins, wherever it lies in the list', () => {
    expect(objectAt([large, small], { x: 1, y: 1 })).toBe(2)
    expect(objectAt([small, large], { x: 1, y: 1 })).toBe(2)
    expect(objectAt([small, large], { x: 0, y: 1 })).toBe(1)
  })

  test('beside all masks there is nothing', () => {
    expect(objectAt([small], { x: 0, y: 0 })).toBeNull()
    expect(objectAt([], { x: 0, y: 0 })).toBeNull()
  })
})

describe('the prompt under the pointer', () => {
  const place = { videoId: 1, objectId: 1, frameIndex: 0 }
  const prompts: Prompt[] = [
    { kind: 'box', id: 1, ...place, box: { left: 10, top: 10, right: 30, bottom: 20 } },
    { kind: 'point', id: 2, ...place, x: 10, y: 10, label: 1 },
    { kind: 'point', id: 3, ...place, x: 11, y: 10, label: 0 },
    { kind: 'mask', id: 4, ...place, mask: { size: [1, 1], counts: '1' }, origin: 'brush' },
  ]
  /** Stored pixels twice as wide as high. */
  const transform = { offsetX: 0, offsetY: 0, scaleX: 20, scaleY: 10 }

  test('the nearest point, in the middle of its pixel', () => {
    expect(promptAt(prompts, transform, { x: 211, y: 106 })).toEqual({ promptId: 2, part: 'point' })
    expect(promptAt(prompts, transform, { x: 228, y: 106 })).toEqual({ promptId: 3, part: 'point' })
  })

  test('corners before sides, and nothing inside', () => {
    expect(promptAt(prompts, transform, { x: 605, y: 203 })).toEqual({ promptId: 1, part: 'bottomRight' })
    expect(promptAt(prompts, transform, { x: 400, y: 97 })).toEqual({ promptId: 1, part: 'edge' })
    expect(promptAt(prompts, transform, { x: 602, y: 150 })).toEqual({ promptId: 1, part: 'edge' })
    expect(promptAt(prompts, transform, { x: 400, y: 150 })).toBeNull()
    expect(promptAt(prompts, transform, { x: 640, y: 150 })).toBeNull()
  })
})
