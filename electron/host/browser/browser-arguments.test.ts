import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseBrowserArguments, UnknownArgument } from './browser-arguments.ts'
import { hasDisplay } from './open-address.ts'

const folder = '/work/here'

test('without arguments: loopback, a free port, the sample project', () => {
  expect(parseBrowserArguments([], folder)).toEqual({
    openPath: null,
    hostname: '127.0.0.1',
    port: 0,
    open: true,
    roots: [],
    help: false,
  })
})

test('paths are taken from where the person stands', () => {
  const parsed = parseBrowserArguments(
    ['clip.mp4', '--no-open', '--port', '8080', '--host=0.0.0.0', '--root', 'a', '--root', '/b'],
    folder,
  )
  expect(parsed).toEqual({
    openPath: join(folder, 'clip.mp4'),
    hostname: '0.0.0.0',
    port: 8080,
    open: false,
    roots: [join(folder, 'a'), '/b'],
    help: false,
  })
})

test.each([['--port', 'x'], ['--port', '70000'], ['--unknown'], ['a.mp4', 'b.mp4'], ['--root']])(
  'refuses %s %s',
  (...argv) => {
    expect(() => parseBrowserArguments(argv, folder)).toThrow(UnknownArgument)
  },
)

test('a browser is opened only where someone would see it', () => {
  expect(hasDisplay({}, 'linux')).toBe(false)
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true)
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true)
  expect(hasDisplay({ DISPLAY: ':10', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, 'linux')).toBe(false)
  expect(hasDisplay({}, 'darwin')).toBe(true)
})
