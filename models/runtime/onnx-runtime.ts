// The one door to the runtime, so that nothing reaches it before it was told to keep to itself.
import './no-telemetry.ts'

export { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node'
