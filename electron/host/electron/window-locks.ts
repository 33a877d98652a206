import { app, type Session, type WebContents } from 'electron'
import type { LogRefusal } from '../refusal-log.ts'
import { STUDIO_ORIGIN, STUDIO_SCHEME } from './channels.ts'

/** Schemes that a page of ours may load from; the network is not among them. */
const OWN_SCHEMES = [`${STUDIO_SCHEME}:`, 'blob:', 'data:', 'devtools:']

/** Nothing that a page could do leads out of the app: no navigation, no windows, no web views. */
export function lockNavigation(logRefusal: LogRefusal): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    const refuse = (what: string) => (event: { preventDefault(): void }) => {
      logRefusal(`${what} was refused.`)
      event.preventDefault()
    }
    contents.on('will-navigate', refuse('A navigation'))
    contents.on('will-frame-navigate', refuse('A navigation of a frame'))
    contents.on('will-redirect', refuse('A redirection'))
    contents.on('will-attach-webview', refuse('A web view'))
    contents.setWindowOpenHandler(() => {
      logRefusal('A new window was refused.')
      return { action: 'deny' }
    })
  })
}

/**
 * Takes every permission from pages but to put text on the clipboard, which "copy diagnostics" needs, and keeps them from
 * the network.
 */
export function lockSession(session: Session, logRefusal: LogRefusal): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(isAllowed(permission, contents.getURL()))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => {
    answer({})
  })
  session.webRequest.onBeforeRequest((details, answer) => {
    const cancel = !OWN_SCHEMES.some((scheme) => details.url.startsWith(scheme))
    if (cancel) logRefusal('A request to the network was refused.')
    answer({ cancel })
  })
  session.on('will-download', (event) => {
    logRefusal('A download was refused.')
    event.preventDefault()
  })
}

function isAllowed(permission: string, url: string): boolean {
  const isOurs = url === STUDIO_ORIGIN || url.startsWith(`${STUDIO_ORIGIN}/`)
  return permission === 'clipboard-sanitized-write' && isOurs
}
