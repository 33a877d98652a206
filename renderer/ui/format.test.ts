import { expect, test } from 'vitest'
import { agoText, bytesText, countText, durationText, placeText, timeText } from './format.ts'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KB'],
  [21_000_000, '20 MB'],
  [898_083_611, '856 MB'],
  [12 * 2 ** 30, '12 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text)
})

test.each([
  ['../../../../../v/three.mp4', 'v/three.mp4'],
  ['../three.mp4', 'three.mp4'],
  ['three.mp4', 'three.mp4'],
  ['C:\\films\\june\\three.mp4', 'june/three.mp4'],
])('of %s the file and its folder are %s', (path, text) => {
  expect(placeText(path)).toBe(text)
})

test.each([
  [0.4, '0 s'],
  [59.6, '1 min'],
  [110, '1 min 50 s'],
  [3600, '1 h'],
  [5430, '1 h 30 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text)
})

test.each([
  [0, '00:00.000'],
  [2.8028, '00:02.803'],
  [59.9996, '01:00.000'],
  [3723.5, '1:02:03.500'],
  [-0.04, '−00:00.040'],
])('%d seconds into the film is %s', (seconds, text) => {
  expect(timeText(seconds)).toBe(text)
})

test('thousands stand apart', () => {
  expect(countText(12_345)).toBe('12 345')
})

test('ages are rough', () => {
  const hour = 3_600_000
  expect(
    [30_000, 5 * 60_000, 3 * hour, 25 * hour, 80 * hour].map((age) => agoText(1e12 - age, 1e12)),
  ).toEqual(['just now', '5 min ago', '3 h ago', 'yesterday', '3 days ago'])
})
