// For a test: tracks in an engine of this process until it is killed, and says when masks are on disk.
import { startTestEngine } from './engine-fixture.ts'

const [dataFolder, clip] = process.argv.slice(2) as [string, string]
const engine = await startTestEngine(dataFolder)
await engine.call('project.create', { fileToken: null, name: 'Crash' })
const { videoIds } = await engine.call('video.add', { fileTokens: [engine.grant(clip, 'addVideo')] })
const videoId = videoIds[0]!
const { objectId } = await engine.call('object.add', {})
await engine.call('prompt.setBox', {
  ...{ videoId, objectId, frameIndex: 39 },
  box: { left: 54, top: 105, right: 124, bottom: 314 },
})
const stored = engine.next('track.progress', ({ framesDone }) => framesDone >= 2)
await engine.call('track.start', {
  ...{ videoId, objectIds: [objectId], direction: 'forward', startFrame: null, extent: 'all' },
  limit: { kind: 'steps', steps: 10 },
})
const { framesDone } = await stored
process.stdout.write(`${JSON.stringify({ framesDone })}\n`)
