import { benchDevices } from './devices/devices-bench.ts'
import { benchStages } from './stage-bench.ts'
import { benchSubjects } from './subjects.ts'
import { scriptOptions } from '../script-arguments.ts'

// npm run bench: how long the model's stages take on the processor. --models "nano 512,tiny 1024" takes some only;
// --operators says which operators a stage's time goes to.
// npm run bench -- --devices: the same on every device that works here, as a table in Markdown; --json FILE keeps the
// numbers, --limit SECONDS ends a model that is too slow, --swiftshader gives WebGPU the driver of Chromium.

const usage =
  'usage: npm run bench -- [--models "NAME SIDE,..."] [--operators] [--devices [--json FILE] [--limit SECONDS] [--swiftshader]]'

const chosen = scriptOptions(usage, {
  models: { type: 'string' },
  operators: { type: 'boolean', default: false },
  devices: { type: 'boolean', default: false },
  swiftshader: { type: 'boolean', default: false },
  json: { type: 'string' },
  limit: { type: 'string', default: '300' },
})

const subjects = await benchSubjects(chosen.models)
if (chosen.devices)
  await benchDevices(subjects, {
    limitMs: Number(chosen.limit) * 1000,
    onSwiftShader: chosen.swiftshader,
    jsonPath: chosen.json ?? null,
  })
else await benchStages(subjects, chosen)
