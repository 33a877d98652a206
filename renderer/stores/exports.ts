import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import type { ExportFormat, ExportProgress, ExportRequest } from '../../electron/contract/export-options.ts'
import { useClient } from '../client/current-client.ts'
import { texts } from '../texts/texts.ts'
import { useDialogs } from './dialogs.ts'
import { useNotices } from './notices.ts'

const UNFINISHED = new Set<ExportProgress['state']>(['waiting', 'running', 'checking'])

/** Export formats and running exports. */
export const useExports = defineStore('exports', () => {
  const client = useClient()
  const dialogs = useDialogs()
  const notices = useNotices()

  const formats = shallowRef<readonly ExportFormat[]>([])
  const progress = shallowReactive(new Map<number, ExportProgress>())
  /** The export that was started last. */
  const newestId = shallowRef<number | null>(null)

  const running = computed(() => [...progress.values()].filter((one) => UNFINISHED.has(one.state)))

  client.on('export.progress', take)
  client.on('engine.status', ({ state }) => {
    if (state !== 'restarting' && state !== 'failed') return
    for (const one of running.value)
      take({ ...one, state: 'failed', secondsLeft: null, failure: texts.exports.interrupted })
  })

  function take(news: ExportProgress): void {
    const before = progress.get(news.exportId)
    progress.set(news.exportId, news)
    if (before !== undefined && !UNFINISHED.has(before.state)) return
    if (news.state === 'failed')
      notices.add({
        level: 'error',
        code: 'ExportFailed',
        message: news.failure ?? texts.exports.failed,
      })
    // The dialog tells it itself.
    if (news.state === 'finished' && dialogs.open !== 'export')
      notices.add({
        level: 'information',
        code: 'ExportFinished',
        message: news.report ?? texts.exports.finished,
      })
  }

  async function loadFormats(): Promise<void> {
    if (formats.value.length > 0) return
    const answer = await notices.attempt(() => client.call('export.formats', {}))
    if (answer !== null) formats.value = answer.formats
  }

  /** Starts an export. @throws CallFailed so that the dialog can offer to overwrite. */
  async function start(request: ExportRequest): Promise<void> {
    const { exportId } = await client.call('export.start', request)
    newestId.value = exportId
  }

  async function cancel(exportId: number): Promise<void> {
    await notices.attempt(() => client.call('export.cancel', { exportId }))
  }

  return { formats, progress, newestId, running, loadFormats, start, cancel }
})
