// The host for a browser window: an engine behind HTTP and a WebSocket on loopback.
import { findAppPlaces } from './host/app-places.ts'
import { runBrowserHost } from './host/browser/run-browser-host.ts'

await runBrowserHost(findAppPlaces(import.meta.url), process.argv.slice(2))
