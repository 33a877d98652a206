import { readFile } from 'node:fs/promises'
import loadWabt from 'wabt'
import { expect, it } from 'vitest'
import { resizeKernelBytes } from './resize-kernel.ts'

it('is what its source compiles to', async () => {
  const wabt = await loadWabt()
  const source = await readFile(new URL('./resize-kernel.wat', import.meta.url), 'utf8')
  const { buffer } = wabt.parseWat('resize-kernel.wat', source, { simd: true }).toBinary({})
  expect(resizeKernelBytes.equals(buffer), `expected ${Buffer.from(buffer).toString('base64')}`).toBe(true)
})
