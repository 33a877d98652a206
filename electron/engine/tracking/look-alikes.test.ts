import { expect, test } from 'vitest'
import { encodeRunLength } from '../masks/run-length-mask.ts'
import { LookAlikeWatch } from './look-alikes.ts'

function square(left: number, side = 20) {
  const data = new Uint8Array(200 * 20)
  for (let y = 0; y < side; y++) data.fill(1, y * 200 + left, y * 200 + left + side)
  return encodeRunLength({ widthPx: 200, heightPx: 20, data })
}

function frames(...places: [first: ReturnType<typeof square>, second: ReturnType<typeof square>][]) {
  const watch = new LookAlikeWatch()
  return places.map(([first, second]) =>
    watch.look(
      new Map([
        [1, first],
        [2, second],
      ]),
    ),
  )
}

test('objects that stay apart, or touch a little, are told apart', () => {
  expect(frames([square(0), square(100)], [square(2), square(98)], [square(40), square(58)])).toEqual([
    [],
    [],
    [],
  ])
})

test('masks that come to lie on each other are a warning', () => {
  const [, , onEachOther] = frames(
    [square(0), square(100)],
    [square(30), square(70)],
    [square(50), square(52)],
  )
  expect(onEachOther).toEqual([{ objectIds: [1, 2], strength: 1 }])
})

test('masks that change places within a frame are a warning', () => {
  const [, swapped] = frames([square(0), square(100)], [square(99), square(1)])
  expect(swapped).toEqual([{ objectIds: [1, 2], strength: 1 }])
})

test('a part of an object lies on it all along and is none', () => {
  const watched = frames([square(0), square(5, 10)], [square(3), square(8, 10)], [square(6), square(11, 10)])
  expect(watched.flat()).toEqual([])
})
