import type { DesktopBridge } from '../electron/contract/desktop-bridge.ts'

declare global {
  interface Window {
    /** Put there by the preload script of the desktop app; absent in the browser host. */
    readonly maskwrightHost?: DesktopBridge
  }
}
