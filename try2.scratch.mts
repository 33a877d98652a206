import { InferenceSession, Tensor } from 'onnxruntime-node'
import { GraphBuilder } from '/work/devices/models/graph/graph-builder.ts'
import { openCheckpoint } from '/work/devices/models/checkpoint/checkpoint.ts'
const cp = await openCheckpoint('models/zoo/nano/nano.pt')
const g = new GraphBuilder('t', cp)
const n = 4096*64
const x = g.input('x', 'float32', ['m', n]); const y = g.input('y', 'float32', ['k', n])
const s = g.operator('Concat', [x, y], { axis: { kind: 'integer', value: 0 } })
g.output('z', s, ['mk', n])
const sum = g.operator('ReduceSum', [s, g.integers([1])])
g.output('sum', sum, ['mk', 1])
const b = g.build()
const mode = process.argv[2]
const sess = await InferenceSession.create(b, { executionProviders: ['webgpu'], logSeverityLevel: 2, preferredOutputLocation: { z: 'gpu-buffer', sum: 'cpu' } as any })
let one: any = new Tensor('float32', new Float32Array(n).fill(1), [1, n])
const two: any = new Tensor('float32', new Float32Array(n).fill(2), [1, n])
const rss = () => process.memoryUsage().rss >> 20
for (let i = 0; i < 300; i++) {
  const r: any = await sess.run({ x: one, y: two })
  if (i < 2) console.log(r.z.location, r.z.dims, r.sum.location, r.sum.data.slice(0, 4), Object.getOwnPropertyNames(r.z))
  const r2: any = await sess.run({ x: r.z, y: two })
  if (i < 2) console.log(r2.z.dims, r2.sum.data.slice(0,3))
  if (mode === 'dispose') { r.z.dispose(); r2.z.dispose() }
  if (mode === 'gc' && i % 10 === 0) (globalThis as any).gc()
  if (i % 50 === 0) console.log(i, rss())
  if (i === 299 && mode === 'dispose') { try { await sess.run({ x: r.z, y: two }) } catch (e) { console.log('disposed use:', String(e)) } }
}
console.log('end', rss())
if (mode === 'release') { await sess.release(); console.log('released') }
if (mode === 'getdata') { const r: any = await sess.run({ x: one, y: two }); await r.z.getData() }
