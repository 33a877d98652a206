import { expect, it } from 'vitest'
import { maskwright } from '../../test/command-line.ts'

it('names that every object of JavaScript has are no commands', async () => {
  expect(await maskwright('help', 'constructor')).toMatchObject({ code: 1, output: '' })
  expect(await maskwright('constructor', '--help')).toMatchObject({ code: 2, output: '' })
})

it('help on what is no command says so', async () => {
  expect(await maskwright('help', 'nonsense')).toEqual({
    code: 1,
    output: '',
    errors: 'There is no command "nonsense"; "maskwright help" lists them.\n',
  })
  expect(await maskwright('help', 'demo')).toMatchObject({ code: 0 })
})
