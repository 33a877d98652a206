import type { InferenceSession, Tensor } from './onnx-runtime.ts'
import { noiseTensor } from './tensor.ts'

/** Sizes of a graph's named dimensions. */
export type Dimensions = Readonly<Record<string, number>>

/** Noise for every input of a session. @throws RangeError for a named dimension without a size */
export function noiseInputs(session: InferenceSession, dimensions: Dimensions): Record<string, Tensor> {
  return Object.fromEntries(
    session.inputMetadata.map((input) => {
      if (!input.isTensor) throw new TypeError(`The input ${input.name} is no tensor.`)
      const shape = input.shape.map((size) => {
        const number = typeof size === 'number' ? size : dimensions[size]
        if (number === undefined) throw new RangeError(`The dimension ${size} of ${input.name} has no size.`)
        return number
      })
      return [input.name, noiseTensor(input.type, shape).native]
    }),
  )
}
