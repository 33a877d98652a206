import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type BrowserServer, type Page } from '@playwright/test'
import { buildApp, ROOT } from '../../build/build-app.ts'
import { createProject } from '../../electron/engine/project/create-project.ts'
import { addVideos } from '../../electron/engine/project/edits/video-edits.ts'
import { openProject } from '../../electron/engine/project/open-project.ts'
import { verifyMasks } from '../../electron/engine/project/verify-masks.ts'
import { describeVideo } from '../../electron/engine/session/describe-video.ts'
import { openVideo } from '../../electron/engine/video/open-video.ts'
import { chromiumPath } from '../fixtures/chromium.ts'
import { hostAddress, spawnHost, type HostProcess } from '../fixtures/hosts/host-process.ts'
import { openSocketWindow, type SocketWindow } from '../fixtures/hosts/socket-window.ts'
import { EditLedger } from './edit-ledger.ts'
import { missingAfter, presentProject, startTracking } from './kept-edits.ts'
import { workHastily } from './page-hand.ts'
import { scriptOptions } from '../script-arguments.ts'
import { seededRandom } from './seeded-random.ts'
import { processesBelow } from './victims.ts'

// npm run faults: works in the studio through its real page, kills engine, host or page in
// the middle of it, opens it again and looks for every edit that was acknowledged.

const CLIP = fileURLToPath(new URL('../fixtures/sample/bottles.mp4', import.meta.url))
const VICTIMS = ['engine', 'host', 'page', 'browser'] as const
type Victim = (typeof VICTIMS)[number]
const LONGEST_WAIT_MS = 90_000
const TRACKING_WAIT_MS = 8_000

interface Studio {
  readonly host: HostProcess
  readonly window: SocketWindow
}

async function newProject(folder: string): Promise<string> {
  const path = join(folder, 'faults.maskwright')
  const store = await createProject(path, { name: 'Faults' })
  const source = await openVideo(CLIP, { checkEveryFrame: false })
  const { videoIds } = addVideos(store, [{ name: 'bottles', file: await describeVideo(source, folder) }])
  await source.close()
  store.setView({ videoId: videoIds[0]!, frameIndex: 0 })
  store.close()
  return path
}

async function startStudio(project: string, dataFolder: string): Promise<Studio> {
  const script = join(ROOT, 'out', 'main', 'browser-host.js')
  const host = await hostAddress(spawnHost(dataFolder, script, ['--no-open', project]))
  const window = await openSocketWindow(host.address)
  await window.call('settings.set', { patch: { inputSizePx: 256, showHints: false } })
  return { host, window }
}

/** @returns whether it became so in time. */
async function becomes(isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const endsAt = Date.now() + withinMs
  while (!(await isSo())) {
    if (Date.now() > endsAt) return false
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return true
}

async function waitFor(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  if (!(await becomes(isSo, LONGEST_WAIT_MS))) throw new Error(`Waited too long for ${what}.`)
}

/** An engine that was killed too often in a row is given up until somebody asks for it again. */
async function engineStands(window: SocketWindow): Promise<boolean> {
  const answer = await window.call('project.current')
  if (answer.ok) return (answer.result as { project: unknown }).project !== null
  await window.call('engine.restart')
  return false
}

function processOf(victim: Victim, studio: Studio, browser: BrowserServer): number | undefined {
  switch (victim) {
    case 'host':
      return studio.host.process.pid
    case 'engine':
      return processesBelow(studio.host.process.pid!, 'engine-process')[0]
    case 'browser':
      return browser.process().pid
    case 'page':
      return processesBelow(browser.process().pid!, '--type=renderer')[0]
  }
}

async function killRounds(rounds: number, seed: number): Promise<boolean> {
  await buildApp()
  const random = seededRandom(seed)
  const folder = await mkdtemp(join(tmpdir(), 'maskwright-faults-'))
  const dataFolder = join(folder, 'data')
  const project = await newProject(folder)
  let studio = await startStudio(project, dataFolder)
  const order = Array.from({ length: rounds }, (_, round) => VICTIMS[round % VICTIMS.length]!)
  let acknowledged = 0
  let tracked = 0
  let isWhole = true
  try {
    for (const [round, victim] of order.entries()) {
      await waitFor('the engine', () => engineStands(studio.window))
      const browser = await chromium.launchServer({ executablePath: chromiumPath, args: ['--no-sandbox'] })
      const client = await chromium.connect(browser.wsEndpoint())
      const page: Page = await client.newPage({ viewport: { width: 1280, height: 800 } })
      const ledger = new EditLedger(page, studio.window)
      await presentProject(studio.window)
      await page.goto(studio.host.address)
      await page.waitForSelector('[data-shown-frame]')

      let isOver = false
      const working = workHastily(page, random, () => isOver)
      const enough = 1 + Math.floor(random() * 25)
      const tracks = await startTracking(studio.window)
      await waitFor('edits', () => ledger.heard >= enough)
      // The hand may stop the run, or undo it.
      if (tracks) await becomes(() => ledger.tracked >= enough, TRACKING_WAIT_MS)
      await new Promise((resolve) => setTimeout(resolve, random() * 150))
      isOver = true
      const processId = processOf(victim, studio, browser)
      if (processId === undefined) throw new Error(`There is no ${victim} to kill.`)
      process.kill(processId, 'SIGKILL')
      if (victim === 'host') {
        await studio.host.ended
        studio = await startStudio(project, dataFolder)
      }
      await Promise.all([working, browser.kill()])
      await waitFor('the engine', () => engineStands(studio.window))
      const missing = await missingAfter(ledger, studio.window)
      acknowledged += ledger.acknowledged
      tracked += ledger.tracked
      isWhole &&= missing.length === 0
      const unanswered = ledger.unansweredEdits.map(({ command }) => command).join(', ') || 'none'
      console.log(
        `${round + 1}. ${victim} killed after ${ledger.acknowledged} edits and ${ledger.tracked} tracked masks ` +
          `(under way: ${unanswered}); missing: ${missing.length}`,
      )
      for (const sentence of missing.slice(0, 5)) console.log(`   ${sentence}`)
    }
    const { revision } = await presentProject(studio.window)
    studio.host.process.kill('SIGTERM')
    await studio.host.ended
    const store = await openProject(project)
    const damaged = await verifyMasks(store, new AbortController().signal)
    isWhole &&= damaged === 0 && store.notices.length === 0 && store.revision >= revision
    console.log(
      `${rounds} rounds, seed ${seed}: ${acknowledged} edits and ${tracked} tracked masks acknowledged, ${isWhole ? 'none' : 'SOME'} lost; ` +
        `revision ${store.revision}, ${damaged} masks damaged, ${store.notices.length} notices`,
    )
    store.close()
  } finally {
    studio.host.process.kill('SIGKILL')
  }
  if (isWhole) await rm(folder, { recursive: true, force: true })
  else console.log(`The project is kept in ${folder}.`)
  return isWhole
}

const values = scriptOptions('usage: npm run faults -- [--rounds N] [--seed N]', {
  rounds: { type: 'string', default: '50' },
  seed: { type: 'string', default: '1' },
})
if (process.platform !== 'linux') {
  console.log('Left out: processes to kill are found in /proc, on Linux.')
  process.exit()
}
process.exitCode = (await killRounds(Number(values.rounds), Number(values.seed))) ? 0 : 1
