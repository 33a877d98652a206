import fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  commands,
  isCommandName,
  type CommandInput,
  type CommandName,
  type CommandResult,
} from './commands.ts'
import { events, isEventName } from './events.ts'
import { toFailure } from './failure.ts'
import { UserFacingError } from './errors.ts'
import { requestMessageSchema } from './messages.ts'
import { DEFAULT_CLEANUP, cleanupSchema, DEFAULT_VIEW, viewSchema } from './project.ts'
import { DEFAULT_SETTINGS, settingsSchema } from './settings.ts'

const names = Object.keys(commands).filter(isCommandName)

test('parameters and results have inferred types on both sides', () => {
  expectTypeOf<CommandInput<'object.rename'>>().toEqualTypeOf<{ objectId: number; name: string }>()
  expectTypeOf<CommandResult<'object.add'>>().toEqualTypeOf<{ revision: number; objectId: number }>()
})

test('every edit answers with the revision that holds it', () => {
  for (const name of names) {
    const { mutates, result } = commands[name]
    if (mutates) expect(Object.keys((result as z.ZodObject).shape), name).toContain('revision')
  }
})

test('only strict objects cross, so that no unknown field gets through', () => {
  for (const name of names) {
    expect(commands[name].params.safeParse({ unknownField: 1 }).success, name).toBe(false)
  }
})

test('random parameters are answered by the schema without an exception', () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.anything(), (name: CommandName, value) => {
      expect(typeof commands[name].params.safeParse(value).success).toBe('boolean')
    }),
  )
})

describe('names from outside', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'object.rename '])(
    '%j names nothing',
    (name) => {
      expect(isCommandName(name)).toBe(false)
      expect(isEventName(name)).toBe(false)
      expect(requestMessageSchema.safeParse({ id: 1, command: name, params: {} }).success).toBe(false)
    },
  )
  test('known ones do', () => {
    expect(isCommandName('object.rename')).toBe(true)
    expect(isEventName('project.changed')).toBe(true)
    expect(requestMessageSchema.safeParse({ id: 1, command: 'object.rename', params: {} }).success).toBe(true)
  })
})

test.each<[CommandName, unknown]>([
  ['object.rename', { objectId: 1, name: 'x'.repeat(201) }],
  ['object.rename', { objectId: 1, name: '   ' }],
  ['object.rename', { objectId: 1, name: 'a\u0000b' }],
  ['object.rename', { objectId: 0, name: 'a' }],
  ['object.rename', { objectId: 1.5, name: 'a' }],
  ['object.rename', { objectId: 2 ** 60, name: 'a' }],
  ['object.recolour', { objectId: 1, colour: 'red;background:url(x)' }],
  ['object.delete', { objectIds: [] }],
  ['object.delete', { objectIds: [1, 1] }],
  ['project.open', { fileToken: '../../etc/passwd' }],
  ['project.open', { path: '/etc/passwd' }],
  ['prompt.addPoint', { videoId: 1, objectId: 1, frameIndex: -1, x: 0, y: 0, label: 1 }],
  ['prompt.addPoint', { videoId: 1, objectId: 1, frameIndex: 0, x: Number.NaN, y: 0, label: 1 }],
  ['prompt.addPoint', { videoId: 1, objectId: 1, frameIndex: 0, x: 0, y: Infinity, label: 1 }],
  [
    'prompt.setBox',
    { videoId: 1, objectId: 1, frameIndex: 0, box: { left: 5, top: 0, right: 5, bottom: 9 } },
  ],
  [
    'prompt.setMask',
    { videoId: 1, objectId: 1, frameIndex: 0, origin: 'brush', mask: { size: [32768, 32768], counts: '' } },
  ],
  [
    'prompt.setMask',
    { videoId: 1, objectId: 1, frameIndex: 0, origin: 'brush', mask: { size: [2, 2], counts: '~' } },
  ],
  ['markers.set', { videoId: 1, markers: { inFrame: 5, outFrame: 4 } }],
  ['settings.set', { patch: { frameCacheBytes: 1 } }],
])('%s refuses %j', (name, params) => {
  expect(commands[name].params.safeParse(params).success).toBe(false)
})

test('defaults satisfy their own schemas', () => {
  expect(settingsSchema.parse(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS)
  expect(viewSchema.parse(DEFAULT_VIEW)).toEqual(DEFAULT_VIEW)
  expect(cleanupSchema.parse(DEFAULT_CLEANUP)).toEqual(DEFAULT_CLEANUP)
})

test('a failure keeps the words of user-facing errors and hides all others', () => {
  expect(toFailure(new UserFacingError('ProjectInUse', 'The project is open elsewhere.'))).toEqual({
    ok: false,
    code: 'ProjectInUse',
    message: 'The project is open elsewhere.',
  })
  const hidden = toFailure(new Error("ENOENT: no such file, open '/home/someone/secret.mp4'"))
  expect(JSON.stringify(hidden)).not.toContain('secret')
})

test('every event carries an object', () => {
  for (const name of Object.keys(events).filter(isEventName)) {
    expect(events[name].safeParse(null).success, name).toBe(false)
  }
})
