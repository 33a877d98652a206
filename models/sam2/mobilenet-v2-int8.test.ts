import { describe, expect, it } from 'vitest'
import { syntheticVideo } from '../../test/bench/synthetic-video.ts'
import { deviceThat } from '../../test/fixtures/failing-device.ts'
import { createSession } from '../runtime/session.ts'
import { byteTensor, floatsOf, noiseTensor } from '../runtime/tensor.ts'
import { resolveModel } from '../zoo/resolve-model.ts'
import { addsBytesExactly } from './byte-products.ts'
import { nanoConfiguration } from './configuration.ts'
import type { WantedPrecision } from './model-graphs.ts'
import { Sam2Model } from './sam2-model.ts'

const imageSize = 256

/** What nano says of noise, of a bright disc that is clicked on, and whether the encoder computed in bytes. */
async function look(precision: WantedPrecision, own = nanoConfiguration, createsSession = createSession) {
  const { checkpoint } = await resolveModel('nano')
  let inBytes = false
  const notices: string[] = []
  const model = await Sam2Model.load(
    checkpoint,
    { ...own, imageSize },
    {
      precision,
      openSession: (name, graph, ...rest) => {
        inBytes ||= name === 'image-encoder' && Buffer.from(graph).includes('QLinearConv')
        return createsSession(name, graph, ...rest)
      },
      onNotice: (sentence) => notices.push(sentence),
    },
  )
  const noise = noiseTensor('uint8', [imageSize, imageSize, 3]).native.data as Uint8Array
  const { stride4, stride8, stride16 } = await model.encodeImage(noise)
  const image = await model.encodeImage(await syntheticVideo(imageSize, 1).pictureAt(0, null))
  const click = { coordinates: Float32Array.of(imageSize * 0.3, imageSize / 2), labels: [1] }
  const { maskLogits, ious } = await model.decodePrompts(image, click, { addNoMemory: true })
  const features = [stride4, stride8, stride16].map(floatsOf)
  const best = ious.indexOf(Math.max(...ious))
  await model.dispose()
  return { features, inBytes, notices, mask: maskLogits[best]! }
}

/** What the largest bytes come to where two of their products are added in 16 bits: 32767 in place of 64770. */
const processorWithoutVnni: typeof createSession = async (name, ...rest) => {
  const session = await createSession(name, ...rest)
  if (name !== 'byte-products') return session
  return {
    ...session,
    run: async (inputs) => {
      const { y } = await session.run(inputs)
      const saturated = Math.round((200 * 32_767) / (2 * 255 * 127))
      const bytes = new Uint8Array(y!.native.size).fill(saturated)
      return { y: byteTensor(bytes, y!.native.dims) }
    },
  }
}

function relativeError(found: Float32Array, exact: Float32Array): number {
  const squares = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0)
  return Math.sqrt(squares(found.map((value, place) => value - exact[place]!)) / squares(exact))
}

describe('the trunk in 8 bits', async () => {
  const { configuration } = await resolveModel('nano')

  it('says nearly the same of a picture', async () => {
    const exact = await look('fp32', configuration)
    const found = await look('int8', configuration)
    expect([exact.inBytes, found.inBytes]).toEqual([false, await addsBytesExactly()])
    found.features.forEach((map, place) => {
      expect(relativeError(map, exact.features[place]!)).toBeLessThan(0.15)
    })
    const differing = found.mask.filter((logit, place) => logit > 0 !== exact.mask[place]! > 0).length
    const foreground = exact.mask.filter((logit) => logit > 0).length
    expect(foreground).toBeGreaterThan(0)
    expect(differing / foreground).toBeLessThan(0.05)
  })

  it('is for weights alone whose largest values are known', async () => {
    const { inBytes, notices } = await look('int8')
    expect(inBytes).toBe(false)
    expect(notices).toEqual([expect.stringMatching(/^Only the built-in model .* full width\.$/)])
  })

  it('is left, with a sentence, where the processor does not add products of bytes exactly', async () => {
    expect(await addsBytesExactly(processorWithoutVnni)).toBe(false)
    const exact = await look('fp32', configuration)
    const found = await look('int8', configuration, processorWithoutVnni)
    expect(found.inBytes).toBe(false)
    expect(found.notices).toEqual([expect.stringMatching(/^This processor .* in 8 bits, .* full width\.$/)])
    expect(exact.notices).toEqual([])
    expect(found.features).toEqual(exact.features)
  })

  it('is of the processor alone, and a device says so', async () => {
    const { checkpoint } = await resolveModel('nano')
    const notices: string[] = []
    const options = {
      device: 'webgpu',
      precision: 'int8',
      openSession: deviceThat((_name, _run, outputs) => outputs()),
    } as const
    const onNotice = (sentence: string): number => notices.push(sentence)
    const model = await Sam2Model.load(checkpoint, { ...configuration, imageSize }, { ...options, onNotice })
    await model.dispose()
    expect(notices).toEqual([expect.stringMatching(/^Only the processor computes in 8 bits/)])
  })
})
