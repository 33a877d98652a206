import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ExportFolderNotWritable } from './export-errors.ts'
import { isFrameFileName } from './frame-naming.ts'
import { stageFile, stageFolder } from './staged-output.ts'

const isPicture = (name: string): boolean => isFrameFileName(name, 'png')

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'maskwright-staged-'))
})
afterEach(() => rm(root, { recursive: true }))

describe('stageFile', () => {
  it('shows the old file until the new one is complete', async () => {
    const path = join(root, 'clip.mp4')
    await writeFile(path, 'old')
    const staged = await stageFile(path)
    await writeFile(staged.temporaryPath, 'new')
    expect(await readFile(path, 'utf8')).toBe('old')
    await staged.commit()
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(await readdir(root)).toEqual(['clip.mp4'])
  })

  it('takes away what it made and nothing else', async () => {
    await mkdir(join(root, 'kept'))
    const staged = await stageFile(join(root, 'kept', 'a', 'b', 'clip.mp4'))
    await staged.discard()
    await staged.discard()
    expect(await readdir(root)).toEqual(['kept'])
    expect(await readdir(join(root, 'kept'))).toEqual([])
  })

  it('refuses where a folder stands, or a file in the place of the folder', async () => {
    await mkdir(join(root, 'clip.mp4'))
    await expect(stageFile(join(root, 'clip.mp4'))).rejects.toThrow(ExportFolderNotWritable)
    await writeFile(join(root, 'file'), '')
    await expect(stageFile(join(root, 'file', 'clip.mp4'))).rejects.toThrow(/a file stands/)
    expect((await readdir(root)).sort()).toEqual(['clip.mp4', 'file'])
  })
})

describe('stageFolder', () => {
  it('leaves no picture of an earlier export, but what else lies there', async () => {
    const folder = join(root, 'masks', 'ball')
    await mkdir(folder, { recursive: true })
    for (const name of ['00000.png', '00009.png', 'notes.txt']) await writeFile(join(folder, name), 'old')
    const staged = await stageFolder(folder, isPicture)
    await writeFile(join(staged.temporaryPath, '00000.png'), 'new')
    expect(await readFile(join(folder, '00000.png'), 'utf8')).toBe('old')
    await staged.commit()
    expect((await readdir(folder)).sort()).toEqual(['00000.png', 'notes.txt'])
    expect(await readFile(join(folder, '00000.png'), 'utf8')).toBe('new')
    expect(await readdir(join(root, 'masks'))).toEqual(['ball'])
  })

  it('keeps the earlier export when it is given up', async () => {
    const folder = join(root, 'ball')
    await mkdir(folder)
    await writeFile(join(folder, '00000.png'), 'old')
    const staged = await stageFolder(folder, isPicture)
    await writeFile(join(staged.temporaryPath, '00000.png'), 'new')
    await staged.discard()
    expect(await readdir(root)).toEqual(['ball'])
    expect(await readFile(join(folder, '00000.png'), 'utf8')).toBe('old')
  })

  it('refuses where a file stands', async () => {
    await writeFile(join(root, 'ball'), '')
    await expect(stageFolder(join(root, 'ball'), isPicture)).rejects.toThrow(ExportFolderNotWritable)
    expect(await readdir(root)).toEqual(['ball'])
  })
})
