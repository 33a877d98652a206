import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Plugin } from 'vite'

/** The package that a bundled module comes from; null for our own. The innermost, where packages lie in packages. */
export function packageOfModule(id: string): string | null {
  const path = id.replaceAll('\\', '/')
  const at = path.lastIndexOf('/node_modules/')
  if (at < 0) return null
  const [scope, name] = path.slice(at + '/node_modules/'.length).split('/')
  if (scope === undefined || scope.startsWith('.')) return null
  return scope.startsWith('@') ? `${scope}/${name ?? ''}` : scope
}

/** Writes which packages went into a bundle, for its licences and its bill of materials. */
export function listPackages(file: string): Plugin {
  return {
    name: 'maskwright:list-packages',
    generateBundle(_options, bundle) {
      const names = new Set<string>()
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue
        for (const id of chunk.moduleIds) {
          const name = packageOfModule(id)
          if (name !== null) names.add(name)
        }
      }
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${JSON.stringify([...names].sort(), null, 2)}\n`)
    },
  }
}
