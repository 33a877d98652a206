import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The scripts that run in threads; `out/threads` of the built app has each as one file (build/threads-build.ts). */
export type ThreadName = 'tracker-thread' | 'picture-thread'

/** A thread's script, as source or built, as seen from this module; in a package it lies beside the archive. */
export function threadEntry(name: ThreadName, moduleUrl: string = import.meta.url): URL {
  if (moduleUrl.endsWith('.ts')) return new URL(`./${name}-from-source.mjs`, moduleUrl)
  const outside = moduleUrl.replace('/app.asar/', '/app.asar.unpacked/')
  const built = new URL(`../threads/${name}.js`, outside)
  if (!existsSync(fileURLToPath(built))) throw new Error(`${fileURLToPath(built)} is missing.`)
  return built
}
