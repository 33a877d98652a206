import fc from 'fast-check'
import { expect, test } from 'vitest'
import { frameUrl, parseFrameUrl } from './frame-url.ts'
import { LIMITS } from './limits.ts'

const address = fc.record({
  videoId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  frameIndex: fc.integer({ min: 0, max: LIMITS.frameIndex }),
  widthPx: fc.option(fc.integer({ min: 1, max: LIMITS.sidePx })),
  contentId: fc.stringMatching(/^[0-9a-f]{32}$/),
  format: fc.constantFrom('png' as const, 'jpeg' as const),
})

test('a frame address survives its URL, with and without a leading slash', () => {
  fc.assert(
    fc.property(address, (value) => {
      expect(parseFrameUrl(frameUrl(value))).toEqual(value)
      expect(parseFrameUrl(`/${frameUrl(value)}`)).toEqual(value)
    }),
  )
})

test('a URL that was changed in one place is either refused or another well-formed address', () => {
  fc.assert(
    fc.property(address, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (value, place, text) => {
      const url = frameUrl(value)
      const at = place % url.length
      const changed = url.slice(0, at) + text + url.slice(at + 1)
      const parsed = parseFrameUrl(changed)
      if (parsed !== null) expect(frameUrl(parsed)).toBe(changed.replace(/^\//, ''))
    }),
  )
})

const content = '0'.repeat(32)
test.each([
  '',
  'frames/../3?content=' + content + '&format=png',
  `frames/1/%32?content=${content}&format=png`,
  `frames/01/2?content=${content}&format=png`,
  `frames/0/2?content=${content}&format=png`,
  `frames/1/-2?content=${content}&format=png`,
  `frames/1/99999999?content=${content}&format=png`,
  `frames/1/2?content=${content}&format=png&width=0`,
  `frames/1/2?content=${content}&format=png&width=99999`,
  `frames/1/2?content=${content}&format=gif`,
  `frames/1/2?content=${content}&format=png&width=10&width=20`,
  `//frames/1/2?content=${content}&format=png`,
  `frames/1/2?content=${content}&format=png\n`,
])('refuses %j', (url) => {
  expect(parseFrameUrl(url)).toBeNull()
})
