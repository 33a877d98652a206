import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from '@playwright/test'
import { buildApp, ROOT } from '../../build/build-app.ts'
import { chromiumPath } from '../fixtures/chromium.ts'
import { hostAddress, spawnHost } from '../fixtures/hosts/host-process.ts'
import { formatTable } from '../../electron/cli/text-table.ts'
import { scriptOptions } from '../script-arguments.ts'
import { makeLongProject } from './ui/long-project.ts'
import {
  cachedSeeks,
  clicks,
  firstPicture,
  forgetShown,
  installProbe,
  percentile95,
  playbackRate,
  scrubFrameTimes,
  settled,
  steps,
  uncachedSeeks,
  zoomFrameTimes,
} from './ui/measures.ts'

// npm run bench:ui [-- --frames N --objects N --folder FOLDER]: how quickly the studio answers on a long project.
// The project is made in FOLDER and found there again; without one, in a folder that is removed.

const SCREEN = { width: 1920, height: 1080 }

interface Row {
  readonly name: string
  readonly value: string
  readonly target: string
}

function milliseconds(name: string, values: readonly number[], target = ''): Row {
  const sorted = [...values].sort((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)]!
  return { name, value: `${percentile95(values).toFixed(0)} (median ${median.toFixed(0)})`, target }
}

async function measure(
  browser: Browser,
  project: string,
  dataFolder: string,
  frameCount: number,
): Promise<Row[]> {
  const page = await browser.newPage({ viewport: SCREEN })
  await installProbe(page)
  const startedAt = performance.now()
  const script = join(ROOT, 'out', 'main', 'browser-host.js')
  const host = await hostAddress(spawnHost(dataFolder, script, ['--no-open', project]))
  try {
    await page.goto(host.address)
    await firstPicture(page)
    const startMs = performance.now() - startedAt
    await settled(page)

    await page.keyboard.press('Control+KeyK')
    await page.keyboard.type('close project')
    await page.keyboard.press('Enter')
    await forgetShown(page)
    const openedAt = performance.now()
    await page.locator('.recent button.open').first().click()
    await firstPicture(page)
    const openMs = performance.now() - openedAt
    await settled(page)

    const uncached = await uncachedSeeks(page, frameCount)
    const cached = await cachedSeeks(page, frameCount)
    const stepped = await steps(page, Math.floor(frameCount * 0.3))
    const scrub = await scrubFrameTimes(page)
    const zoom = await zoomFrameTimes(page)
    const clicked = await clicks(page, Math.floor(frameCount * 0.6))
    const { perSecond, share } = await playbackRate(page, Math.floor(frameCount * 0.7))
    return [
      { name: 'start: host, engine, project, first picture, ms', value: startMs.toFixed(0), target: '' },
      { name: 'open: project to first picture, ms', value: openMs.toFixed(0), target: '< 2000' },
      milliseconds('seek p95, frame looked at before, ms', cached, '< 60'),
      milliseconds('seek p95, frame anywhere, ms', uncached),
      milliseconds('step to the next frame p95, ms', stepped),
      milliseconds('scrub, frame time p95, ms', scrub, '< 32'),
      milliseconds('timeline zoom, frame time p95, ms', zoom, '< 32'),
      milliseconds('click to mask in the page p95, ms', clicked.toldMs),
      milliseconds('click to mask drawn p95, ms', clicked.shownMs, '< 150'),
      { name: 'playback at 1280 px, pictures a second', value: perSecond.toFixed(1), target: '' },
      { name: 'playback, share of frames shown', value: share.toFixed(2), target: '' },
    ]
  } finally {
    host.process.kill('SIGTERM')
    await host.ended
  }
}

const values = scriptOptions('usage: npm run bench:ui -- [--frames N] [--objects N] [--folder FOLDER]', {
  frames: { type: 'string', default: '10000' },
  objects: { type: 'string', default: '20' },
  folder: { type: 'string' },
})
const [frameCount, objectCount] = [Number(values.frames), Number(values.objects)]
await buildApp()
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'maskwright-ui-bench-'))
mkdirSync(folder, { recursive: true })
const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
try {
  // Clicks leave prompts behind: each time works on a copy.
  const project = join(folder, 'measured.maskwright')
  copyFileSync(await makeLongProject(folder, { frameCount, objectCount }), project)
  const rows = await measure(browser, project, join(folder, 'data'), frameCount)
  console.log(`${frameCount} frames, ${objectCount} objects`)
  console.log(
    formatTable([
      ['measure', 'value', 'target'],
      ...rows.map(({ name, value, target }) => [name, value, target]),
    ]),
  )
} finally {
  await browser.close()
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true })
}
