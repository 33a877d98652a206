import { parseArgs } from 'node:util'
import { oneOf, understood } from './argument-values.ts'
import { UsageError } from './usage-error.ts'

export const modelsUsage = `maskwright models list | download NAME | verify [NAME] | remove NAME | path [NAME] | disk

  list [--json]            every model, whether it is here, its size, licence and where it comes from
  download NAME            fetches a model, or the rest of it after a stop; it is used once its SHA-256 is right
    --mirror ADDRESS       ask for ADDRESS/FILE first (several may be given; MASKWRIGHT_MIRROR names one for always)
  verify [NAME]            reads one model, or all that are here, and compares the SHA-256 with the published one
  remove NAME              deletes a downloaded model and what a stopped download left
  path [NAME]              the folder of models, or the file of one that is here
  disk                     what models take, and what is free

NAME is as in the list (sam2.1-small), short (small) or as published (sam2.1_hiera_small).`

/** What to do with models. */
export type ModelsArguments =
  | { readonly action: 'list'; readonly json: boolean }
  | { readonly action: 'download'; readonly name: string; readonly mirrors: readonly string[] }
  | { readonly action: 'remove'; readonly name: string }
  | { readonly action: 'verify' | 'path'; readonly name: string | null }
  | { readonly action: 'disk' }

const actions = ['list', 'download', 'verify', 'remove', 'path', 'disk'] as const

/** @throws UsageError that names what was not understood */
export function parseModelsArguments(args: readonly string[]): ModelsArguments {
  const { values, positionals } = understood(() =>
    parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' }, mirror: { type: 'string', multiple: true } },
      allowPositionals: true,
    }),
  )
  const [actionText, name, ...rest] = positionals
  if (actionText === undefined)
    throw new UsageError('What with models? list, download, verify, remove, path or disk.')
  const action = oneOf('What follows models', actionText, actions)
  const unexpected = action === 'list' || action === 'disk' ? name : rest[0]
  if (unexpected !== undefined)
    throw new UsageError(`"${unexpected}" was not expected after models ${action}.`)
  if (values.json === true && action !== 'list') throw new UsageError('--json belongs to models list.')
  if (values.mirror !== undefined && action !== 'download')
    throw new UsageError('--mirror belongs to models download.')
  switch (action) {
    case 'list':
      return { action, json: values.json ?? false }
    case 'download':
      return { action, name: named(action, name), mirrors: (values.mirror ?? []).map(mirrorAddress) }
    case 'remove':
      return { action, name: named(action, name) }
    case 'verify':
    case 'path':
      return { action, name: name ?? null }
    case 'disk':
      return { action }
  }
}

function named(action: string, name: string | undefined): string {
  if (name === undefined) throw new UsageError(`Which model? Name it after models ${action}.`)
  return name
}

function mirrorAddress(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new UsageError(`--mirror ${text} is not an address that begins with https:// or http://.`)
}
