import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron'
import { z } from 'zod'
import { applicationMenuSchema, type ApplicationMenu } from '../../contract/desktop-bridge.ts'
import type { Log } from '../../contract/engine-surroundings.ts'
import { UserFacingError } from '../../contract/errors.ts'
import { filePurposeSchema, type ChosenFile } from '../../contract/files.ts'
import type { Desk, DeskWindow } from '../desk.ts'
import type { LogRefusal } from '../refusal-log.ts'
import { CHANNELS, STUDIO_ORIGIN } from './channels.ts'

const lineIdSchema = z.int().min(1)
const droppedSchema = z.tuple([z.string().min(1).max(32_768), filePurposeSchema])

export interface DesktopLinesOptions {
  readonly desk: Desk
  /** The one window whose pages are listened to; null while there is none. */
  readonly currentContents: () => WebContents | null
  readonly onMenu: (menu: ApplicationMenu) => void
  readonly log: Log
  readonly logRefusal: LogRefusal
}

export interface DesktopLines {
  /** Ends the window's line: its page is going away. */
  drop(): void
}

/** Listens to the window: every message must come from the main frame of our window, showing our page. */
export function serveDesktopLines(options: DesktopLinesOptions): DesktopLines {
  const { desk, logRefusal } = options
  let line: { lineId: number; contents: WebContents; window: DeskWindow } | null = null

  function drop(): void {
    line?.window.close()
    line = null
  }

  function isOurs(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
    const frame = event.senderFrame
    const ours =
      event.sender === options.currentContents() &&
      frame !== null &&
      frame.parent === null &&
      frame.origin === STUDIO_ORIGIN
    if (!ours) logRefusal('A message of a foreign page was refused.')
    return ours
  }

  /** Listens on a channel for our page; values that break their schema are refused and logged. */
  function listen<Values extends z.ZodType>(
    channel: string,
    schema: Values,
    listener: (values: z.output<Values>, contents: WebContents) => void,
  ): void {
    ipcMain.on(channel, (event, ...values: unknown[]) => {
      if (!isOurs(event)) return
      const checked = schema.safeParse(values)
      if (checked.success) listener(checked.data, event.sender)
      else logRefusal(`A message on ${channel} was refused: it breaks the contract.`)
    })
  }

  listen(CHANNELS.openLine, z.tuple([lineIdSchema]), ([lineId], contents) => {
    drop()
    const tell = (channel: string, ...values: unknown[]): void => {
      if (line?.lineId === lineId && !contents.isDestroyed()) contents.send(channel, lineId, ...values)
    }
    const window = desk.openWindow({
      deliver: (text) => {
        tell(CHANNELS.deliver, text)
      },
      hangUp: () => {
        tell(CHANNELS.closeLine)
        if (line?.lineId === lineId) drop()
      },
    })
    line = { lineId, contents, window }
    tell(CHANNELS.lineOpened)
  })
  listen(CHANNELS.post, z.tuple([lineIdSchema, z.string()]), ([lineId, text]) => {
    if (line?.lineId === lineId) line.window.receive(text)
  })
  listen(CHANNELS.closeLine, z.tuple([lineIdSchema]), ([lineId]) => {
    if (line?.lineId === lineId) drop()
  })
  listen(CHANNELS.setMenu, z.tuple([applicationMenuSchema]), ([menu]) => {
    options.onMenu(menu)
  })

  ipcMain.handle(
    CHANNELS.acceptDroppedFile,
    async (event, ...values: unknown[]): Promise<ChosenFile | null> => {
      const dropped = droppedSchema.safeParse(values)
      if (!isOurs(event) || line === null) return null
      if (!dropped.success) {
        logRefusal('A dropped file was refused: it breaks the contract.')
        return null
      }
      try {
        return await desk.acceptFile(line.window.windowId, ...dropped.data)
      } catch (error) {
        if (!(error instanceof UserFacingError)) {
          options.log('error', 'host', 'A dropped file could not be looked at.', error)
        }
        return null
      }
    },
  )
  return { drop }
}
