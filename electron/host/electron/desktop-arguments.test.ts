import { expect, test } from 'vitest'
import { openPathFrom, secondStartSchema } from './desktop-arguments.ts'

test.each([
  [['/opt/Maskwright/maskwright', 'clip.mp4'], true, '/work/clip.mp4'],
  [['/opt/Maskwright/maskwright', '--no-sandbox', '/clips/a.mp4'], true, '/clips/a.mp4'],
  [['/opt/Maskwright/maskwright'], true, null],
  [['/usr/bin/electron', '.', 'clip.mp4'], false, '/work/clip.mp4'],
  [['/usr/bin/electron', '.'], false, null],
  [['/usr/bin/electron', '.', ''], false, null],
])('%j (packaged: %s) opens %s', (argv, isPackaged, path) => {
  expect(openPathFrom(argv, isPackaged, '/work')).toBe(path)
})

test.each([null, {}, { openPath: 1 }, { openPath: '' }, { openPath: '/a', more: 1 }, '/a'])(
  'a second start that says %j is not listened to',
  (data) => {
    expect(secondStartSchema.safeParse(data).success).toBe(false)
  },
)
