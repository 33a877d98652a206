import { describe, expect, it } from 'vitest'
import { probeDevice } from './probe-device.ts'

describe('the numbers of a device', () => {
  const frames = (...logits: number[]) => ({ logits: Float32Array.from(logits), millisecondsPerFrame: 5 })

  it.each([
    ['wrong', [1, 2.5], /differ by/],
    ['not finite', [1, NaN], /are not finite/],
  ])('are a no when they are %s', async (_, logits, reason) => {
    const finding = await probeDevice('webgpu', (device) =>
      Promise.resolve(device === 'cpu' ? frames(1, 2) : frames(...logits)),
    )
    expect(finding).toMatchObject({ works: false, reason: expect.stringMatching(reason) as string })
  })

  it('may differ by less than the allowed error', async () => {
    const finding = await probeDevice('webgpu', (device) =>
      Promise.resolve(device === 'cpu' ? frames(1, 2) : frames(1, 2.01)),
    )
    expect(finding).toMatchObject({ works: true, millisecondsPerFrame: 5 })
  })
})
