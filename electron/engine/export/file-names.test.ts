import { mkdtemp, mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { objectFolderNames, safeFileName } from './file-names.ts'

describe('safeFileName', () => {
  it.each([
    ['ball', 'ball'],
    ['left cup', 'left cup'],
    ['Žluťoučký kůň', 'Žluťoučký kůň'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['..', 'x'],
    ['.', 'x'],
    ['', 'x'],
    ['   ', 'x'],
    ['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j'],
    ['nul\u0000byte', 'nul_byte'],
    ['trailing. . ', 'trailing'],
    ['CON', '_CON'],
    ['com1.png', '_com1.png'],
    ['console', 'console'],
    ['.hidden', '_hidden'],
    ['a\u202egnp.exe', 'a_gnp.exe'],
  ])('makes %j into %j', (name, expected) => {
    expect(safeFileName(name, 'x')).toBe(expected)
  })

  it('keeps every name inside its folder, short enough and stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const safe = safeFileName(name, 'object-1')
        expect(resolve('/out/masks', safe)).toBe(`/out/masks/${safe}`)
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(130)
        expect(safe).not.toMatch(/[. ]$|^\./)
        expect(safeFileName(safe, 'object-1')).toBe(safe)
      }),
    )
  })
})

describe('objectFolderNames', () => {
  it('tells apart what some file systems take for one name', () => {
    const names = ['Ball', 'ball', 'e\u0301', '\u00e9', 'ball 2', '..', '.']
    const folders = objectFolderNames(names.map((name, index) => ({ objectId: index + 1, name })))
    expect(folders).toEqual(['Ball', 'ball 2', 'é', 'é 2', 'ball 2 2', 'object-6', 'object-7'])
  })

  it('names folders that can all be made side by side', async () => {
    const root = await mkdtemp(join(tmpdir(), 'maskwright-names-'))
    try {
      const names = fc.sample(fc.string({ unit: 'binary', maxLength: 200 }), { numRuns: 40, seed: 7 })
      const folders = objectFolderNames(names.map((name, index) => ({ objectId: index, name })))
      for (const folder of folders) await mkdir(join(root, folder))
      expect(await readdir(root)).toHaveLength(names.length)
    } finally {
      await rm(root, { recursive: true })
    }
  })
})
