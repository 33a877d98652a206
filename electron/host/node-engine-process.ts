import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { EngineLink, LinkEnd } from '../contract/host-link.ts'
import { createLastLines } from './last-lines.ts'

/**
 * Starts an engine as a child process of Node: `entryPath` is a script that calls `serveEngine`. TypeScript is compiled
 * as it is loaded. Should this process die, the child sees its line close and ends by itself.
 */
export function startNodeEngine(entryPath: string): EngineLink {
  const child = spawn(process.execPath, [...loaderArguments(entryPath), entryPath], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // A group of its own: Ctrl-C reaches the host only, which lets the engine finish what it writes.
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  const errorLines = createLastLines()
  child.stderr?.setEncoding('utf8').on('data', errorLines.add)
  let startError: Error | null = null

  return {
    processId: child.pid,
    send: (message) => {
      // What cannot be sent is known from the close that follows.
      if (child.connected) child.send(message, () => {})
    },
    onMessage: (listener) => {
      child.on('message', listener)
    },
    onClose: (listener) => {
      let told = false
      const tell = (end: Omit<LinkEnd, 'lastErrorLines'>): void => {
        if (told) return
        told = true
        const lines = errorLines.lines()
        listener({ ...end, lastErrorLines: startError === null ? lines : [...lines, startError.message] })
      }
      child.on('close', (code, signal) => tell({ code, signal }))
      child.on('error', (error) => {
        startError = error
        if (child.pid === undefined) tell({ code: null, signal: null })
      })
    },
    kill: () => {
      child.kill('SIGKILL')
    },
  }
}

function loaderArguments(entryPath: string): string[] {
  if (!entryPath.endsWith('.ts')) return []
  const loader = createRequire(import.meta.url).resolve('tsx')
  return ['--import', pathToFileURL(loader).href]
}
