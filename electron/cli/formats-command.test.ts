import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { exportFormatSchema, exportTargetSchema } from '../contract/export-options.ts'
import { importFormatSchema } from '../contract/import-options.ts'
import { describeFormats } from '../engine/import/import-formats.ts'
import { formatsTable } from './formats-command.ts'

describe('the formats', () => {
  it('are all described, each once, as the contract has it', () => {
    const formats = describeFormats().map((format) => exportFormatSchema.parse(format))
    const names = formats.map(({ format }) => format)
    expect(new Set(names).size).toBe(names.length)
    const targets = exportTargetSchema.options.map((option) => option.shape.format.value)
    const exported = formats.filter(({ canExport }) => canExport).map(({ format }) => format)
    expect(exported.sort()).toEqual([...targets].sort())
    const imported = formats.filter(({ canImport }) => canImport).map(({ format }) => format)
    expect(imported.sort()).toEqual([...importFormatSchema.options].sort())
  })

  it('stand in docs/formats.md as the command lists them', () => {
    const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8')
    const cells = (text: string): string[][] =>
      text
        .split('\n')
        .flatMap((line) => (line.startsWith('| `') ? [line.split('|').map((cell) => cell.trim())] : []))
    expect(cells(page)).toEqual(cells(formatsTable()))
  })
})
