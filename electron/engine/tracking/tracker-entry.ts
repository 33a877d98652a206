import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Name of the tracker thread's script in the built app; it lies beside the engine's script or one folder above it. */
const BUILT_NAME = 'tracker-thread.js'

/** The script of the tracker thread, as source or built, as seen from this module. */
export function trackerEntry(moduleUrl: string = import.meta.url): URL {
  if (moduleUrl.endsWith('.ts')) return new URL('./tracker-thread-from-source.mjs', moduleUrl)
  const places = [`./${BUILT_NAME}`, `../${BUILT_NAME}`].map((place) => new URL(place, moduleUrl))
  const found = places.find((place) => existsSync(fileURLToPath(place)))
  if (found === undefined) throw new Error(`${BUILT_NAME} is missing beside ${fileURLToPath(moduleUrl)}.`)
  return found
}
