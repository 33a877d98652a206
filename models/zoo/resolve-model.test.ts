import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UnreadableCheckpoint } from '../checkpoint/checkpoint-errors.ts'
import { elementCount } from '../checkpoint/checkpoint-tensor.ts'
import { nanoConfiguration } from '../sam2/configuration.ts'
import { inferConfiguration } from '../sam2/infer-configuration.ts'
import { dataFolder } from './data-folder.ts'
import { nanoLargestValues } from './nano-largest-values.ts'
import { ModelNotDownloaded, NoSuchModel, resolveModel, weightsFile } from './resolve-model.ts'
import { findZooModel, zoo } from './zoo.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maskwright-zoo-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('the built-in model', () => {
  const nano = findZooModel('nano')!

  it('is the file that the catalogue describes', async () => {
    const hash = createHash('sha256')
    await pipeline(createReadStream(weightsFile(nano)), hash)
    expect(hash.digest('hex')).toBe(nano.weights.sha256)
  })

  it('opens by name, with the configuration that its shapes also say', async () => {
    const { name, checkpoint, configuration } = await resolveModel('nano', folder)
    expect(name).toBe('nano')
    const inferred = inferConfiguration(checkpoint)
    // How large values get is known of these weights alone.
    const trunk = { ...inferred.trunk, largestValues: nanoLargestValues }
    expect(configuration).toEqual({ ...inferred, trunk })
    const learned = [...checkpoint.tensors.values()].filter((tensor) => !tensor.name.includes('gaussian'))
    expect(learned.reduce((sum, tensor) => sum + elementCount(tensor.shape), 0)).toBe(nano.parameters)
  })

  it('opens by path too', async () => {
    expect(await resolveModel(weightsFile(nano), folder)).toMatchObject({
      name: 'nano.pt',
      configuration: nanoConfiguration,
    })
  })
})

describe('resolveModel', () => {
  it('says which models there are when a name is unknown', async () => {
    await expect(resolveModel('gigantic', folder)).rejects.toThrow(NoSuchModel)
    await expect(resolveModel('gigantic', folder)).rejects.toThrow(/nano, sam2\.1-tiny/)
  })

  it('says that a model must be downloaded, and how large it is', async () => {
    await expect(resolveModel('sam2.1-tiny', folder)).rejects.toThrow(ModelNotDownloaded)
    await expect(resolveModel('tiny', folder)).rejects.toThrow(/sam2\.1-tiny \(156 MB\)/)
  })

  it('does not take a file of another length for the model', async () => {
    await writeFile(join(folder, 'sam2.1_hiera_tiny.pt'), 'half')
    await expect(resolveModel('sam2.1-tiny', folder)).rejects.toThrow(ModelNotDownloaded)
  })

  it('refuses a file that is no checkpoint', async () => {
    await writeFile(join(folder, 'notes.pt'), 'just some text')
    await expect(resolveModel(join(folder, 'notes.pt'))).rejects.toThrow(UnreadableCheckpoint)
  })

  it('refuses a damaged file of the right length', async () => {
    const model = findZooModel('sam2-tiny')!
    await writeFile(weightsFile(model, folder), '')
    await truncate(weightsFile(model, folder), model.weights.bytes)
    await expect(resolveModel('sam2-tiny', folder)).rejects.toThrow(UnreadableCheckpoint)
  })
})

describe('the catalogue', () => {
  it('has nano, the eight official checkpoints and EdgeTAM, told apart by name, file and hash', () => {
    expect(zoo.map((model) => model.name)).toEqual([
      'nano',
      ...['tiny', 'small', 'base-plus', 'large'].map((size) => `sam2.1-${size}`),
      ...['tiny', 'small', 'base-plus', 'large'].map((size) => `sam2-${size}`),
      'edgetam',
    ])
    expect(new Set(zoo.map((model) => model.weights.sha256)).size).toBe(zoo.length)
    expect(new Set(zoo.map((model) => weightsFile(model, folder))).size).toBe(zoo.length)
  })
})

describe('dataFolder', () => {
  it('is the chosen one, or where the platform keeps such data', () => {
    expect(dataFolder({ MASKWRIGHT_DATA: '/elsewhere', XDG_DATA_HOME: '/data' }, 'linux')).toBe('/elsewhere')
    expect(dataFolder({ XDG_DATA_HOME: '/data' }, 'linux')).toBe(join('/data', 'maskwright'))
    expect(dataFolder({}, 'linux')).toMatch(/\.local.share.maskwright$/)
    expect(dataFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe(join('/local', 'Maskwright'))
    expect(dataFolder({}, 'darwin')).toMatch(/Library.Application Support.Maskwright$/)
  })
})
