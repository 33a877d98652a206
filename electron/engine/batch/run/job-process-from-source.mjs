// Starts the job process from source: TypeScript is compiled as it is loaded.
import { register } from 'tsx/esm/api'

register()
await import('./job-process-main.ts')
