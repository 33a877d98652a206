// ONNX Runtime sends usage events to its maker by default (since 1.29, on Linux and macOS by itself). It looks for this
// name once, when it is first used, so every process that may run a graph imports this file before all else. Threads
// cannot say it: what they set stays in their copy of the environment.
process.env['ORT_DISABLE_TELEMETRY'] = '1'
