import { z } from 'zod'
import type { ChosenFile, FilePurpose } from './files.ts'

/** An action's name as in the interface's action table: `track.start`. */
export const actionNameSchema = z.string().regex(/^[A-Za-z.]{1,64}$/)

export const menuItemSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('separator') }),
  z.strictObject({
    kind: z.literal('action'),
    action: actionNameSchema,
    title: z.string().min(1).max(200),
    /** Keys as the interface shows them, `Ctrl+Z`. The interface itself listens to them. */
    keys: z.string().max(64).nullable(),
    enabled: z.boolean(),
    checked: z.boolean().nullable(),
  }),
])
export type MenuItem = z.infer<typeof menuItemSchema>

/**
 * The application menu, written by the interface from its action table and shown natively by a desktop host. Sent
 * again when anything in it changes.
 */
export const applicationMenuSchema = z
  .array(z.strictObject({ title: z.string().min(1).max(200), items: z.array(menuItemSchema).max(200) }))
  .max(20)
export type ApplicationMenu = z.infer<typeof applicationMenuSchema>

/** One line of messages to the host; each side may end it. */
export interface BridgeLine {
  /** Takes a `RequestMessage`. */
  post(message: unknown): void
  close(): void
}

/** What the preload script puts at `window.maskwrightHost`: verbs, never Electron's own objects. */
export interface DesktopBridge {
  /** Opens the line. `onMessage` gets `ResponseMessage` and `EventMessage`; `onClose` is called at most once. */
  connect(listeners: { onOpen(): void; onMessage(message: unknown): void; onClose(): void }): BridgeLine
  /** Shows the menu natively. */
  setMenu(menu: ApplicationMenu): void
  /** Called with the action's name when a native menu item is chosen. Returns how to stop listening. */
  onAction(listener: (action: string) => void): () => void
  /** Turns a file dropped on the window into a token; null if it may not serve that purpose. */
  acceptDroppedFile(file: File, purpose: FilePurpose): Promise<ChosenFile | null>
}
