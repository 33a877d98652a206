// The desktop app's main process.
import { findAppPlaces } from './host/app-places.ts'
import { runDesktop } from './host/electron/run-desktop.ts'

runDesktop(findAppPlaces(import.meta.url))
