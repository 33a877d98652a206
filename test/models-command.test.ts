import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseModelsArguments } from '../electron/cli/models-arguments.ts'
import { models } from '../electron/cli/models-command.ts'
import * as mirrors from '../models/zoo/mirror-fixture.ts'
import { findZooModel, zoo, type ZooModel } from '../models/zoo/zoo.ts'
import { maskwright, startMaskwright } from './command-line.ts'

const { content, cutsAfter, serve, serves, stallsAfter, wrongContent } = mirrors
const tiny = findZooModel('sam2.1-tiny')!

let data = ''
let file = ''
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'maskwright-models-'))
  file = join(data, 'models', 'some.pt')
  process.env['MASKWRIGHT_DATA'] = data
})
afterEach(async () => {
  delete process.env['MASKWRIGHT_DATA']
  delete process.env['MASKWRIGHT_MIRROR']
  await mirrors.closeMirrors()
  await rm(data, { recursive: true })
})

/** A catalogue of one small model that is published at these addresses. */
function catalogueOf(...published: mirrors.Mirror[]): ZooModel[] {
  return [
    {
      ...{ name: 'some', alias: 's', title: 'Some', parameters: 1, licence: 'Apache-2.0' },
      configuration: tiny.configuration,
      weights: {
        ...{ kind: 'downloadable', fileName: 'some.pt', bytes: content.length, sha256: mirrors.sha256 },
        urls: published.map(({ url }) => url),
      },
    },
  ]
}

async function run(
  catalogue: readonly ZooModel[],
  args: string[],
  stop = new AbortController().signal,
): Promise<{ code: number; said: string }> {
  const lines: string[] = []
  const code = await models(
    parseModelsArguments(args),
    { say: (line) => lines.push(line), stop },
    { catalogue, patience: mirrors.patience },
  )
  return { code, said: lines.join('\n') }
}

describe('maskwright models, with a server of this machine', () => {
  it('downloads, lists, verifies, locates, weighs and removes', async () => {
    const catalogue = catalogueOf(await serve(serves(content)))
    await expect(run(catalogue, ['path', 'some'])).rejects.toThrow(/some is not on this machine/)
    await expect(run(catalogue, ['verify', 'some'])).rejects.toThrow(/some is not on this machine/)
    expect(await run(catalogue, ['verify'])).toEqual({ code: 0, said: '' })
    expect(await run(catalogue, ['download', 's'])).toEqual({ code: 0, said: `some: ${file}, SHA-256 right` })
    expect((await run(catalogue, ['list'])).said).toMatch(
      /^some +here +400 kB +Apache-2\.0 +127\.0\.0\.1:\d+$/m,
    )
    expect(await run(catalogue, ['verify'])).toEqual({ code: 0, said: 'some: right' })
    expect((await run(catalogue, ['path', 'some'])).said).toBe(file)
    expect((await run(catalogue, ['disk'])).said).toMatch(/^some: 400 kB\n.*models: 400 kB in use, .* free$/)
    expect(await run(catalogue, ['remove', 'some'])).toEqual({
      code: 0,
      said: 'some: removed, 400 kB free again',
    })
    expect(await readdir(join(data, 'models'))).toEqual([])
  })

  it('finds out that a file was changed, and mends it', async () => {
    const catalogue = catalogueOf(await serve(serves(content)))
    await mkdir(join(data, 'models'))
    await writeFile(file, wrongContent)
    expect(await run(catalogue, ['verify'])).toEqual({
      code: 1,
      said: 'some: wrong bytes; download some again',
    })
    expect(await run(catalogue, ['download', 'some'])).toMatchObject({ code: 0 })
    expect(readFileSync(file).equals(content)).toBe(true)
  })

  it('goes on over cuts, stalls and a mirror with wrong bytes and one that lies about the length', async () => {
    const cuts = await serve(cutsAfter(100_000), stallsAfter(50_000), serves(content))
    const wrong = await serve(serves(wrongContent))
    const lies = await serve(serves(content.subarray(0, 300_000)))
    const bases = [wrong, lies].flatMap(({ url }) => ['--mirror', new URL('.', url).href])
    expect(await run(catalogueOf(cuts), ['download', 'some', ...bases])).toMatchObject({ code: 0 })
    expect(readFileSync(file).equals(content)).toBe(true)
    expect(wrong.requests).toHaveLength(1)
    expect(lies.requests.length).toBeLessThanOrEqual(2)
    expect(cuts.requests.length).toBeGreaterThan(1)
  })

  it('says what was wrong when no address has the file, and gives nothing its name', async () => {
    const catalogue = catalogueOf(await serve(serves(wrongContent)))
    await expect(run(catalogue, ['download', 'some'])).rejects.toThrow(
      /could not be downloaded\. 127\.0\.0\.1:\d+ sent other bytes/,
    )
    expect(existsSync(file)).toBe(false)
  })
})

describe('the command itself', () => {
  it('keeps on Ctrl-C what came, says so, and asks for the rest the next time', async () => {
    const { bytes } = findZooModel('edgetam')!.weights
    const parts = await serve((request, response) => {
      const start = mirrors.wantedStart(request)
      const range = start === 0 ? {} : { 'content-range': `bytes ${start}-${bytes - 1}/${bytes}` }
      response.writeHead(start === 0 ? 200 : 206, { 'content-length': bytes - start, ...range })
      response.write(content)
    })
    process.env['MASKWRIGHT_MIRROR'] = new URL('.', parts.url).href
    const partial = join(data, 'models', 'edgetam.pt.partial')
    for (const times of [1, 2]) {
      const { child, ended } = startMaskwright('models', 'download', 'edgetam')
      await expect
        .poll(() => statSync(partial, { throwIfNoEntry: false })?.size, { timeout: 60_000 })
        .toBe(times * content.length)
      child.kill('SIGINT')
      const { code, output } = await ended
      expect(code).toBe(130)
      expect(output).toBe(
        `Stopped; ${times === 1 ? '400 kB' : '800 kB'} of 56.1 MB are kept, and the next download goes on from there.\n`,
      )
    }
    expect(parts.requests.map(mirrors.wantedStart)).toEqual([0, content.length])
    expect((await maskwright('models', 'list')).output).toMatch(/^edgetam +in part \(1 %\) +56\.1 MB/m)
  })

  it('verifies what is built in and does not remove it', async () => {
    expect(await maskwright('models', 'verify', 'nano')).toMatchObject({ code: 0, output: 'nano: right\n' })
    expect(await maskwright('models', 'remove', 'nano')).toMatchObject({
      code: 1,
      errors: 'This model is part of Maskwright and stays.\n',
    })
  })

  it.each([
    [['download', 'gigantic'], /There is no model "gigantic"\. Models: nano, sam2\.1-tiny, /],
    [['fetch'], /What follows models must be list or download or .*, not "fetch"/],
    [['download'], /Which model\?/],
    [['list', 'nano'], /"nano" was not expected after models list/],
    [['verify', '--mirror', 'https://example.com'], /--mirror belongs to models download/],
    [['download', 'nano', '--mirror', 'file:///etc'], /is not an address that begins with https/],
  ])('does not understand %j', async (args, says) => {
    await expect((async () => run(zoo, args))()).rejects.toThrow(says)
  })
})
