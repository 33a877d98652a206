// Runs in the sandboxed window before the interface: puts a few verbs there and keeps Electron's own objects to itself.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { DesktopBridge } from './contract/desktop-bridge.ts'
import { CHANNELS } from './host/electron/channels.ts'

let lastLineId = 0

const bridge: DesktopBridge = {
  connect: ({ onOpen, onMessage, onClose }) => {
    const lineId = ++lastLineId
    const stops = [
      listen(CHANNELS.lineOpened, (id) => {
        if (id === lineId) onOpen()
      }),
      listen(CHANNELS.deliver, (id, text) => {
        if (id === lineId && typeof text === 'string') onMessage(JSON.parse(text))
      }),
      listen(CHANNELS.closeLine, (id) => {
        if (id === lineId) end()
      }),
    ]
    let ended = false
    function end(): void {
      if (ended) return
      ended = true
      for (const stop of stops) stop()
      onClose()
    }
    ipcRenderer.send(CHANNELS.openLine, lineId)
    return {
      post: (message) => {
        ipcRenderer.send(CHANNELS.post, lineId, JSON.stringify(message))
      },
      close: () => {
        ipcRenderer.send(CHANNELS.closeLine, lineId)
        end()
      },
    }
  },
  setMenu: (menu) => {
    ipcRenderer.send(CHANNELS.setMenu, menu)
  },
  onAction: (listener) =>
    listen(CHANNELS.action, (action) => {
      if (typeof action === 'string') listener(action)
    }),
  acceptDroppedFile: async (file, purpose) => {
    // Empty for a file that the page made itself.
    const path = webUtils.getPathForFile(file)
    if (path === '') return null
    return (await ipcRenderer.invoke(CHANNELS.acceptDroppedFile, path, purpose)) as Awaited<
      ReturnType<DesktopBridge['acceptDroppedFile']>
    >
  },
}

contextBridge.exposeInMainWorld('maskwrightHost', bridge)

function listen(channel: string, listener: (...values: unknown[]) => void): () => void {
  // The event carries its sender, which the page must not get.
  const take = (_event: unknown, ...values: unknown[]): void => {
    listener(...values)
  }
  ipcRenderer.on(channel, take)
  return () => {
    ipcRenderer.off(channel, take)
  }
}
