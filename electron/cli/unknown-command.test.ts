import { expect, it } from 'vitest'
import { maskwright } from '../../test/command-line.ts'

it('names that every object of JavaScript has are no commands', async () => {
  const { code, output } = await maskwright('help', 'constructor')
  expect([code, output.split('\n')[0]]).toEqual([
    0,
    'Maskwright segments and tracks objects in video with SAM 2.',
  ])
  expect(await maskwright('constructor', '--help')).toMatchObject({ code: 2, output: '' })
})
