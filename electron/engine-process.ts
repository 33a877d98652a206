// The engine's process, as every windowed host starts it.
import './engine/no-telemetry.ts'
import { createEngine } from './engine/engine.ts'
import { lineToHost } from './host/host-line.ts'
import { serveEngine } from './host/serve-engine.ts'

serveEngine(lineToHost(), createEngine)
