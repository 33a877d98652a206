// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest'
import { UserFacingError } from '../../electron/contract/errors.ts'
import type { ExportProgress } from '../../electron/contract/export-options.ts'
import { buttonCalled, mountStudio, onPage } from '../testing/mount-studio.ts'
import { openStudio, type OpenStudio } from '../testing/open-studio.ts'
import { settled } from '../testing/scripted-host.ts'
import { useDialogs } from '../stores/dialogs.ts'
import { useExports } from '../stores/exports.ts'
import { useFiles } from '../stores/files.ts'
import { texts } from '../texts/texts.ts'
import ExportDialog from './export-dialog.vue'
import { unmountAfterEach } from '../testing/unmount-after-each.ts'

unmountAfterEach()

const TOKEN = 'a'.repeat(24)
const OUTPUT = 'b'.repeat(24)
let studio: OpenStudio

function progress(changes: Partial<ExportProgress>): ExportProgress {
  return {
    exportId: 3,
    state: 'running',
    framesDone: 10,
    framesTotal: 100,
    secondsLeft: 9,
    report: null,
    failure: null,
    output: null,
    ...changes,
  }
}

beforeEach(async () => {
  studio = await openStudio()
  const words = { keeps: 'masks.', loses: 'nothing.', canExport: true, canImport: false }
  studio.host.answer('export.formats', () => ({
    formats: [
      { format: 'annotated-mp4', name: 'Annotated film', kind: 'video', ...words },
      { format: 'coco', name: 'COCO', kind: 'dataset', ...words },
      { format: 'from-the-future', name: 'Unknown', kind: 'dataset', ...words },
    ],
  }))
  studio.host.answer('export.preview', () => ({ frameIndex: 0, png: null, text: '{}' }))
  studio.host.answer('export.start', () => ({ exportId: 3 }))
  useExports()
  mountStudio(ExportDialog, studio)
  await settled()
})

async function press(name: string): Promise<void> {
  buttonCalled(name).click()
  await settled()
}

async function chooseFolder(): Promise<void> {
  useFiles().browsing?.answer([{ token: TOKEN, name: 'out', kind: 'folder' }])
  await settled()
}

test('it offers the formats whose options it knows', () => {
  expect(onPage('.format').map((button) => button.textContent.trim())).toEqual([
    'Annotated film (MP4)',
    'COCO',
  ])
})

test('it asks where to, starts, and shows how it goes and what came of it', async () => {
  await press('COCO')
  await press(texts.exports.start)
  expect(useFiles().browsing?.purpose).toBe('exportFolder')
  await chooseFolder()
  expect(studio.host.paramsOf('export.start')).toMatchObject([
    { target: { format: 'coco', segmentation: 'rle' }, destination: TOKEN, overwrite: false },
  ])
  studio.host.emit('export.progress', progress({}))
  await settled()
  expect(onPage('[role=dialog]')[0]?.textContent).toContain('10 / 100 frames')
  studio.host.answer('files.reveal', () => ({}))
  studio.host.emit(
    'export.progress',
    progress({ state: 'finished', framesDone: 100, report: 'All there.', output: OUTPUT }),
  )
  await settled()
  expect(onPage('[role=dialog]')[0]?.textContent).toContain('All there.')
  await press(texts.exports.reveal)
  expect(studio.host.paramsOf('files.reveal')).toEqual([{ token: OUTPUT }])
})

test('files that are there are written over only when the person says so', async () => {
  studio.host.answer('export.start', ({ overwrite }) => {
    if (!overwrite) throw new UserFacingError('export-exists', 'out/coco exists already.')
    return { exportId: 3 }
  })
  await press(texts.exports.chooseFolder)
  await chooseFolder()
  await press(texts.exports.start)
  const question = useDialogs().question
  expect(question?.text).toBe('out/coco exists already.')
  expect(studio.host.paramsOf('export.start')).toHaveLength(1)
  question?.answer(true)
  await settled()
  expect(studio.host.paramsOf('export.start').map((params) => params.overwrite)).toEqual([false, true])
})

test('no folder, no export', async () => {
  await press(texts.exports.start)
  useFiles().browsing?.answer([])
  await settled()
  expect(studio.host.paramsOf('export.start')).toEqual([])
})
