import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The tracker thread's script in the built app, seen from the engine's; in a package it lies beside the archive. */
const BUILT_PLACE = '../threads/tracker-thread.js'

/** The script of the tracker thread, as source or built, as seen from this module. */
export function trackerEntry(moduleUrl: string = import.meta.url): URL {
  if (moduleUrl.endsWith('.ts')) return new URL('./tracker-thread-from-source.mjs', moduleUrl)
  const built = new URL(BUILT_PLACE, moduleUrl.replace('/app.asar/', '/app.asar.unpacked/'))
  if (!existsSync(fileURLToPath(built))) throw new Error(`${fileURLToPath(built)} is missing.`)
  return built
}
