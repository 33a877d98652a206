// For the entry of a process that hosts an engine: before all else.
import '../../models/runtime/no-telemetry.ts'
