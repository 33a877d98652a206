// Starts the picture thread from source: TypeScript is compiled as it is loaded.
import { register } from 'tsx/esm/api'

register()
await import('./picture-thread.ts')
