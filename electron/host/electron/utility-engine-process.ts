import { utilityProcess } from 'electron'
import type { EngineLink } from '../../contract/host-link.ts'
import { createLastLines } from '../last-lines.ts'

/** Starts an engine in a utility process of Electron, which ends with the app: `entryPath` calls `serveEngine`. */
export function startUtilityEngine(entryPath: string): EngineLink {
  const child = utilityProcess.fork(entryPath, [], {
    serviceName: 'Maskwright engine',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const errorLines = createLastLines()
  child.stderr?.on('data', (data: Buffer) => {
    errorLines.add(data.toString('utf8'))
  })
  return {
    get processId() {
      return child.pid
    },
    send: (message) => {
      child.postMessage(message)
    },
    onMessage: (listener) => {
      child.on('message', listener)
    },
    onClose: (listener) => {
      child.once('exit', (code) => {
        listener({ code, signal: null, lastErrorLines: errorLines.lines() })
      })
    },
    kill: () => {
      // `kill` of the process asks; one that hangs in a model's run would not hear it.
      if (child.pid === undefined) child.kill()
      else process.kill(child.pid, 'SIGKILL')
    },
  }
}
