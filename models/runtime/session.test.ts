import { describe, expect, it } from 'vitest'
import { InferenceFailed, kindOf } from './session.ts'

describe('why a graph did not run', () => {
  it.each([
    ['std::bad_alloc', 'out-of-memory'],
    ['8007000E Not enough memory resources are available to complete this operation.', 'out-of-memory'],
    ['CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED', 'out-of-memory'],
    ['CUDA failure 2: out of memory', 'out-of-memory'],
    ['Failed to allocate memory for requested buffer of size 4096', 'out-of-memory'],
    ['887A0006 The GPU will not respond to more commands', 'device-lost'],
    ['DXGI_ERROR_DEVICE_REMOVED', 'device-lost'],
    ['CUDA failure 700: an illegal memory access was encountered', 'device-lost'],
    ['vkQueueSubmit failed with VK_ERROR_DEVICE_LOST', 'device-lost'],
    ['Could not find an implementation for GridSample(20)', 'refused'],
    ['CUDA failure 7001: no such thing', 'refused'],
  ])('%s: %s', (message, kind) => {
    expect(kindOf(new Error(message))).toBe(kind)
  })

  it('is said with the device that it was', () => {
    const said = (device: 'cpu' | 'webgpu', kind: 'refused' | 'wrong-numbers'): string =>
      new InferenceFailed('mask-decoder', { device, cause: new Error('so'), kind }).message
    expect(said('webgpu', 'refused')).toBe(
      'The model could not be run on WebGPU (model part "mask-decoder").',
    )
    expect(said('webgpu', 'wrong-numbers')).toMatch(/on WebGPU/)
    expect(said('cpu', 'wrong-numbers')).toMatch(/^The checkpoint leads to numbers that are none/)
  })
})
