import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exportDataset } from '../../electron/cli/export-command.ts'
import { parseExportArguments } from '../../electron/cli/export-arguments.ts'
import type { RunLengthMask } from '../../electron/contract/mask.ts'
import { encodeRunLength } from '../../electron/engine/masks/run-length-mask.ts'
import { createProject } from '../../electron/engine/project/create-project.ts'
import { addMasks, NO_SCORES } from '../../electron/engine/project/edits/mask-edits.ts'
import { addObject } from '../../electron/engine/project/edits/object-edits.ts'
import { addVideos } from '../../electron/engine/project/edits/video-edits.ts'
import { describeVideo } from '../../electron/engine/session/describe-video.ts'
import { openVideo } from '../../electron/engine/video/open-video.ts'
import { formatTable } from '../../electron/cli/text-table.ts'

// npm run bench:export [-- FRAMES]: seconds and peak memory of exports to COCO; memory must not grow with the frames.

const [widthPx, heightPx, objectCount] = [1280, 720, 10]
const script = fileURLToPath(import.meta.url)

/** Exports in a process of its own and prints what it took. */
async function measureExport(project: string, outFolder: string, lastFrame: string): Promise<void> {
  const args = [project, '--format', 'coco', '--out', outFolder, '--range', `0:${lastFrame}`]
  const startedAt = performance.now()
  let sentence = ''
  const output = { say: (line: string) => (sentence = line), stop: new AbortController().signal }
  await exportDataset(parseExportArguments(args), output)
  const seconds = (performance.now() - startedAt) / 1000
  console.log(JSON.stringify({ seconds, peakKiB: process.resourceUsage().maxRSS, sentence }))
}

/** An ellipse with a hole and a wavy rim, somewhat like a tracked object. */
function wavyMask(phase: number): RunLengthMask {
  const data = new Uint8Array(widthPx * heightPx)
  const [centreX, centreY] = [
    widthPx * (0.3 + 0.4 * Math.sin(phase) ** 2),
    heightPx * (0.4 + 0.2 * Math.cos(phase)),
  ]
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const [dx, dy] = [x - centreX, y - centreY]
      const radius = 90 + 12 * Math.sin(7 * Math.atan2(dy, dx) + phase)
      const distance = Math.hypot(dx, 1.5 * dy)
      if (distance < radius && distance > 20) data[y * widthPx + x] = 1
    }
  }
  return encodeRunLength({ widthPx, heightPx, data })
}

async function makeProject(folder: string, frameCount: number): Promise<string> {
  const clip = join(folder, 'clip.mp4')
  const picture = `color=gray:size=${widthPx}x${heightPx}:rate=30`
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', picture, '-frames:v', String(frameCount)],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', clip],
  ])
  const path = join(folder, 'bench.maskwright')
  const store = await createProject(path, { name: 'Bench' })
  const source = await openVideo(clip, { checkEveryFrame: false })
  const { videoIds } = addVideos(store, [{ name: 'clip', file: await describeVideo(source, folder) }])
  await source.close()
  const objectIds = Array.from({ length: objectCount }, () => addObject(store, {}, ['#4db8ff']).objectId)
  const shapes = Array.from({ length: 64 }, (_, index) => wavyMask(index / 5))
  const origin = { videoId: videoIds[0]!, origin: 'import', model: null } as const
  for (let first = 0; first < frameCount; first += 500) {
    const frames = Array.from({ length: Math.min(500, frameCount - first) }, (_, index) => first + index)
    const masks = frames.flatMap((frameIndex) =>
      objectIds.map((objectId, index) => ({
        ...{ objectId, frameIndex, scores: NO_SCORES },
        mask: shapes[(frameIndex + 5 * index) % shapes.length]!,
      })),
    )
    addMasks(store, origin, masks, 'bench')
  }
  store.close()
  return path
}

async function bench(frameCount: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'maskwright-bench-'))
  try {
    const project = await makeProject(folder, frameCount)
    const rows = [frameCount / 10, frameCount].map((frames) => {
      const out = join(folder, `out-${frames}`)
      const run = ['build/run.mjs', script, '--measure', project, out, String(frames - 1)]
      const said = execFileSync(process.execPath, run, { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
      const { seconds, peakKiB } = JSON.parse(said) as { seconds: number; peakKiB: number }
      const bytes = statSync(join(out, 'annotations/instances_clip.json')).size
      return [
        String(frames),
        String(objectCount),
        seconds.toFixed(1),
        (peakKiB / 1024).toFixed(0),
        (bytes / 1_048_576).toFixed(1),
      ]
    })
    console.log(formatTable([['frames', 'objects', 'seconds', 'peak MiB', 'file MiB'], ...rows]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const [mode, project, outFolder, lastFrame] = process.argv.slice(2)
if (mode === '--measure') await measureExport(project!, outFolder!, lastFrame!)
else await bench(mode === undefined ? 10_000 : Number(mode))
