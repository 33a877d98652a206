import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { findMediaTools, MediaToolsMissing } from './media-tools.ts'

const real = await findMediaTools()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-tools-'))
  await symlink(real.ffmpeg, join(folder, 'ffmpeg'))
  await symlink(real.ffprobe, join(folder, 'ffprobe'))
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('findMediaTools', () => {
  it('finds programs that work', () => {
    expect(real.ffmpeg).toMatch(/ffmpeg/)
    expect(real.ffprobe).toMatch(/ffprobe/)
  })

  it('takes the setting before the environment, and the environment before PATH', async () => {
    vi.stubEnv('MASKWRIGHT_FFMPEG', join(folder, 'ffmpeg'))
    const fromEnvironment = await findMediaTools({})
    expect(fromEnvironment).toEqual({ ffmpeg: join(folder, 'ffmpeg'), ffprobe: real.ffprobe })
    const fromSetting = await findMediaTools({ ffmpegPath: real.ffmpeg })
    expect(fromSetting.ffmpeg).toBe(real.ffmpeg)
  })

  it('searches PATH', async () => {
    vi.stubEnv('MASKWRIGHT_FFMPEG', undefined)
    vi.stubEnv('MASKWRIGHT_FFPROBE', undefined)
    vi.stubEnv('PATH', `${join(folder, 'nothing-here')}:${folder}`)
    const found = await findMediaTools({ mayInstall: false })
    expect(found).toEqual({ ffmpeg: join(folder, 'ffmpeg'), ffprobe: join(folder, 'ffprobe') })
  })

  it("takes an app's own copy before PATH, and goes on where it has none", async () => {
    vi.stubEnv('MASKWRIGHT_FFMPEG', undefined)
    vi.stubEnv('MASKWRIGHT_FFPROBE', undefined)
    const own = await findMediaTools({ bundledFolder: folder })
    expect(own).toEqual({ ffmpeg: join(folder, 'ffmpeg'), ffprobe: join(folder, 'ffprobe') })
    const other = await findMediaTools({ bundledFolder: join(folder, 'nothing-here') })
    expect(other).toEqual(real)
  })

  it('says what to do when there is none', async () => {
    vi.stubEnv('MASKWRIGHT_FFMPEG', undefined)
    vi.stubEnv('MASKWRIGHT_FFPROBE', undefined)
    vi.stubEnv('PATH', join(folder, 'nothing-here'))
    const search = findMediaTools({ mayInstall: false })
    await expect(search).rejects.toBeInstanceOf(MediaToolsMissing)
    await expect(search).rejects.toThrow(/^ffmpeg and ffprobe were not found: install FFmpeg 5\.1 or newer/)
  })

  it('does not quietly pass over a program that was set and does not work', async () => {
    await expect(findMediaTools({ ffmpegPath: join(folder, 'absent') })).rejects.toThrow(
      /absent, cannot be used/,
    )
    await expect(findMediaTools({ ffmpegPath: process.execPath })).rejects.toThrow(/cannot be used/)
  })

  it('refuses a version that is too old', async () => {
    const old = join(folder, 'old-ffmpeg')
    await writeFile(old, '#!/bin/sh\necho "ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright (c) 2000-2021"\n')
    await chmod(old, 0o755)
    await expect(findMediaTools({ ffmpegPath: old })).rejects.toThrow(/version 4\.4, 5\.1 or newer is needed/)
  })
})
