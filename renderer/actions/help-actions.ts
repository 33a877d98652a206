import { Box, CircleQuestionMark, ClipboardCopy, Download, RotateCw, Scale, Search } from '@lucide/vue'
import { useClipboard } from '@vueuse/core'
import { useClient } from '../client/current-client.ts'
import { useConnection } from '../stores/connection.ts'
import { useDialogs } from '../stores/dialogs.ts'
import { useNotices } from '../stores/notices.ts'
import { texts } from '../texts/texts.ts'
import type { ActionDefinition } from './action.ts'

export function helpActions(): ActionDefinition[] {
  const client = useClient()
  const connection = useConnection()
  const dialogs = useDialogs()
  const notices = useNotices()
  // Without a secure context (the browser host on another interface) there is no clipboard API.
  const { copy } = useClipboard({ legacy: true })

  async function copyDiagnostics(): Promise<void> {
    const answer = await notices.attempt(() => client.call('diagnostics.copy', {}))
    if (answer === null) return
    await copy(answer.text)
    notices.add({ level: 'information', code: 'DiagnosticsCopied', message: texts.help.diagnosticsCopied })
  }

  async function checkForUpdates(): Promise<void> {
    const answer = await notices.attempt(() => client.call('updates.check', {}))
    if (answer?.outcome !== 'current') return
    notices.add({ level: 'information', code: 'UpToDate', message: texts.help.upToDate })
  }

  async function showLicences(): Promise<void> {
    const answer = await notices.attempt(() => client.call('licences.open', {}))
    // null: the host has opened it.
    if (typeof answer?.address === 'string') window.open(answer.address, '_blank', 'noopener')
  }

  return [
    {
      id: 'palette.open',
      icon: Search,
      keys: ['$mod+KeyK', '$mod+Shift+KeyP'],
      enabled: () => true,
      run: () => {
        dialogs.show('palette')
      },
    },
    {
      id: 'help.open',
      icon: CircleQuestionMark,
      keys: ['Shift+Slash', 'F1'],
      enabled: () => true,
      run: () => {
        dialogs.show('help')
      },
    },
    {
      id: 'models.open',
      icon: Box,
      startsSection: true,
      enabled: () => true,
      run: () => {
        dialogs.show('models')
      },
    },
    {
      id: 'licences.open',
      icon: Scale,
      enabled: () => connection.isOpen,
      run: () => notices.attempt(showLicences),
    },
    {
      id: 'diagnostics.copy',
      icon: ClipboardCopy,
      enabled: () => true,
      run: () => notices.attempt(copyDiagnostics),
    },
    {
      id: 'engine.restart',
      icon: RotateCw,
      enabled: () => connection.isOpen && connection.engine.state === 'failed',
      run: () => notices.attempt(() => client.call('engine.restart', {})),
    },
    {
      id: 'updates.check',
      icon: Download,
      enabled: () => connection.host?.updates === true,
      run: () => notices.attempt(checkForUpdates),
    },
  ]
}
