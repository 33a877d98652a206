import { existsSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import type { Plugin } from 'vite'

const FILE_BESIDE = /new URL\((['"])(\.{1,2}\/[^'"]+)\1, import\.meta\.url\)/g

/**
 * Lets a bundled module find the files that lie beside its source, such as weights of a model: `new URL('./x', import.meta.url)` is
 * rewritten to lead from `outFolder`, where all chunks lie, to the file's place in the app. In a package that is beside the archive, since native code cannot read inside it. Modules
 * are left alone.
 */
export function filesInPlace(outFolder: string): Plugin {
  return {
    name: 'maskwright:files-in-place',
    transform: (code, id) => {
      const folder = dirname(id.split('?')[0] ?? id)
      const moved = code.replace(FILE_BESIDE, (whole: string, _quote: string, path: string) => {
        const file = resolve(folder, path)
        if (!existsSync(file) || /\.[cm]?[jt]s$/.test(file)) return whole
        const way = relative(outFolder, file).split(sep).join('/')
        return `new URL(${JSON.stringify(way)}, import.meta.url.replace(/[/]app[.]asar([.]unpacked)?[/]/, '/'))`
      })
      return moved === code ? null : { code: moved, map: null }
    },
  }
}
