import { describe, expect, test } from 'vitest'
import { compositeMasks, sampleStep, type Colour } from './composite-masks.ts'
import { drawnRuns } from './mask-fixture.ts'

const red: Colour = [255, 0, 0]
const blue: Colour = [0, 0, 255]
const whole = (widthPx: number, heightPx: number) => ({ left: 0, top: 0, right: widthPx, bottom: heightPx })

function pixel(picture: ReturnType<typeof compositeMasks>, x: number, y: number): number[] {
  const at = (y * picture.widthPx + x) * 4
  return [...picture.rgba.subarray(at, at + 4)]
}

describe('compositing masks', () => {
  test('fills foreground with colour and opacity and leaves the rest clear', () => {
    const picture = compositeMasks(
      [{ runs: drawnRuns('.#.', '##.'), colour: red, opacity: 0.4 }],
      whole(3, 2),
      1,
    )
    expect([picture.widthPx, picture.heightPx]).toEqual([3, 2])
    expect(pixel(picture, 1, 0)).toEqual([255, 0, 0, 102])
    expect(pixel(picture, 0, 1)).toEqual([255, 0, 0, 102])
    expect(pixel(picture, 0, 0)).toEqual([0, 0, 0, 0])
    expect(pixel(picture, 2, 1)).toEqual([0, 0, 0, 0])
  })

  test('lays later masks over earlier ones', () => {
    const picture = compositeMasks(
      [
        { runs: drawnRuns('##'), colour: red, opacity: 0.5 },
        { runs: drawnRuns('.#'), colour: blue, opacity: 0.5 },
      ],
      whole(2, 1),
      1,
    )
    expect(pixel(picture, 0, 0)).toEqual([255, 0, 0, 128])
    // Half blue over half red: 0.5 + 0.5 * 0.5 covered, two thirds of it blue.
    const [r, g, b, a] = pixel(picture, 1, 0)
    expect(g).toBe(0)
    expect(Math.abs(r! - 85)).toBeLessThanOrEqual(1)
    expect(Math.abs(b! - 170)).toBeLessThanOrEqual(1)
    expect(Math.abs(a! - 191)).toBeLessThanOrEqual(1)
  })

  test('a solid mask hides what is below', () => {
    const picture = compositeMasks(
      [
        { runs: drawnRuns('#'), colour: red, opacity: 1 },
        { runs: drawnRuns('#'), colour: blue, opacity: 1 },
      ],
      whole(1, 1),
      1,
    )
    expect(pixel(picture, 0, 0)).toEqual([0, 0, 255, 255])
  })

  test('draws only the region', () => {
    const runs = drawnRuns('....', '.##.', '.##.', '....')
    const picture = compositeMasks(
      [{ runs, colour: red, opacity: 1 }],
      { left: 2, top: 1, right: 4, bottom: 3 },
      1,
    )
    const covered = [0, 1].flatMap((y) => [0, 1].map((x) => pixel(picture, x, y)[3]))
    expect(covered).toEqual([255, 0, 255, 0])
  })

  test('takes every other pixel for a step of two', () => {
    const runs = drawnRuns('#.#.#', '.....', '..#..', '#####')
    const picture = compositeMasks([{ runs, colour: red, opacity: 1 }], whole(5, 4), 2)
    expect([picture.widthPx, picture.heightPx]).toEqual([3, 2])
    const covered = [0, 1].map((y) =>
      [0, 1, 2].map((x) => (pixel(picture, x, y)[3] === 255 ? '#' : '.')).join(''),
    )
    expect(covered).toEqual(['###', '.#.'])
  })

  test('samples about as often as the screen has pixels', () => {
    expect([4, 1, 0.79, 0.5, 0.34, 0.1].map(sampleStep)).toEqual([1, 1, 1, 2, 2, 10])
  })

  test('an invisible mask costs nothing', () => {
    const picture = compositeMasks([{ runs: drawnRuns('#'), colour: red, opacity: 0 }], whole(1, 1), 1)
    expect(pixel(picture, 0, 0)).toEqual([0, 0, 0, 0])
  })
})
