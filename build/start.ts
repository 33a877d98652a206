// `npm start`: opens the studio in Electron where it can be had, else in the browser. Builds first what has changed.
// npm start -- [--browser] [options] [file or folder]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildApp, ROOT } from './build-app.ts'
import { electronProgram, whyNoElectron } from './electron-program.ts'

const argv = process.argv.slice(2).filter((argument) => argument !== '--browser')
const wantsBrowser = argv.length < process.argv.length - 2 || argv.includes('--help')
await buildApp()

const program = electronProgram()
const obstacle = whyNoElectron(program)
if (program !== null && obstacle === null && !wantsBrowser) {
  const app = spawn(program, [ROOT, ...argv], { stdio: 'inherit' })
  // Ctrl-C reaches Electron, too; this process waits for it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => app.kill('SIGTERM'))
  const [code] = (await once(app, 'exit')) as [number | null]
  process.exitCode = code ?? 1
} else {
  if (!wantsBrowser) console.log(`Using the browser: ${obstacle ?? 'it was asked for'}.`)
  process.argv.splice(2, Infinity, ...argv)
  await import(pathToFileURL(join(ROOT, 'out', 'main', 'browser-host.js')).href)
}
