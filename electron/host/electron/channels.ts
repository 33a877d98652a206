/** Where the studio is served inside Electron. */
export const STUDIO_SCHEME = 'studio'
export const STUDIO_ORIGIN = `${STUDIO_SCHEME}://app`

/** Every channel between preload script and main process; nothing else is listened to. */
export const CHANNELS = {
  /** Window to host: open line `lineId`; it replaces the window's earlier one. */
  openLine: 'line:open',
  /** Host to window: line `lineId` stands. */
  lineOpened: 'line:opened',
  /** Window to host: a message as JSON on `lineId`. */
  post: 'line:post',
  /** Host to window: a message as JSON on `lineId`. */
  deliver: 'line:deliver',
  /** Both ways: line `lineId` has ended. */
  closeLine: 'line:close',
  /** Window to host: the application menu. */
  setMenu: 'menu:set',
  /** Host to window: an action of the menu was chosen. */
  action: 'menu:action',
  /** Window to host, with an answer: a file was dropped. */
  acceptDroppedFile: 'file:accept-dropped',
} as const
