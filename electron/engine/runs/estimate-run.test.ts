import { expect, test } from 'vitest'
import { estimateRun, type EstimateInputs } from './estimate-run.ts'

const inputs: EstimateInputs = {
  frames: 100,
  objectCount: 2,
  stageTimes: {},
  parameterCount: 4_500_000,
  inputSizePx: 512,
  memoryTokens: 1_024,
  memoryBudgetBytes: 4 * 1_073_741_824,
  framePx: 1_000_000,
  threads: 2,
}

test('counts measured stages once a picture and once an object', () => {
  const stageTimes = {
    'image-encoder': 100,
    'frame-preparation': 8,
    'memory-attention': 50,
    'mask-decoder-none': 20,
    'memory-encoder': 10,
  }
  const { seconds, basis } = estimateRun({ ...inputs, stageTimes })
  expect(basis).toBe('measured')
  expect(seconds).toBeCloseTo((100 * (100 + 8 + 12 + 2 * 80)) / 1_000)
})

test('assumes more time for larger models and inputs, and says so', () => {
  const small = estimateRun(inputs)
  expect(small.basis).toBe('assumed')
  expect(estimateRun({ ...inputs, inputSizePx: 1_024, memoryTokens: 4_096 }).seconds).toBeGreaterThan(
    3 * small.seconds,
  )
  expect(estimateRun({ ...inputs, parameterCount: 40_000_000 }).seconds).toBeGreaterThan(2 * small.seconds)
  expect(estimateRun({ ...inputs, frames: 0 }).seconds).toBe(0)
  const tight = { ...inputs, parameterCount: 224_000_000, memoryBudgetBytes: 512 * 1_048_576 }
  expect(estimateRun(tight).fitsInMemory).toBe(false)
})

test('follows how much the model keeps of a memory', () => {
  const whole = { ...inputs, inputSizePx: 1_024, memoryTokens: 4_096 }
  const brief = { ...whole, memoryTokens: 512 }
  expect(estimateRun(brief).seconds).toBeLessThan(0.8 * estimateRun(whole).seconds)
  const bankBytes = (estimate: EstimateInputs): number =>
    estimateRun({ ...estimate, objectCount: 3 }).memoryBytes - estimateRun(estimate).memoryBytes
  expect(bankBytes(whole)).toBeCloseTo(8 * bankBytes(brief), -2)
})
