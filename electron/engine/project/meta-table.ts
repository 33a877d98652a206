import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { DEFAULT_VIEW, viewSchema } from '../../contract/project.ts'
import { idSchema, revisionSchema } from '../../contract/scalars.ts'
import { rowChecksum } from './checksum.ts'
import type { ProjectDatabase } from './database.ts'

const metaSchemas = {
  projectId: z.uuid(),
  /** First id that was never given to any record. */
  nextId: idSchema,
  /** A number near the end of those that can be counted was not counted up by edits. */
  revision: revisionSchema.max(2 ** 52),
  view: viewSchema,
  /** Damage was met while the project was open; the next opening looks at everything. */
  damageSeen: z.boolean(),
} as const

export type MetaName = keyof typeof metaSchemas
export type Meta = { [Name in MetaName]: z.infer<(typeof metaSchemas)[Name]> }

const rowIds: Record<MetaName, number> = { projectId: 1, nextId: 2, revision: 3, view: 4, damageSeen: 5 }
const metaNames = Object.keys(metaSchemas) as MetaName[]

export function newMeta(): Meta {
  return { projectId: randomUUID(), nextId: 2, revision: 0, view: DEFAULT_VIEW, damageSeen: false }
}

export function writeMeta(database: ProjectDatabase, meta: Partial<Meta>): void {
  for (const name of metaNames) {
    const value = meta[name]
    if (value === undefined) continue
    const body = JSON.stringify(value)
    database.run(
      `INSERT INTO meta (id, name, body, checksum) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, body = excluded.body, checksum = excluded.checksum`,
      rowIds[name],
      name,
      body,
      rowChecksum(name, body),
    )
  }
}

/** What could be read; missing and damaged entries are left out. */
export function readMeta(database: ProjectDatabase): Partial<Meta> {
  const found: Record<string, unknown> = {}
  for (const name of metaNames) {
    const row = database.row('SELECT body, checksum FROM meta WHERE id = ?', rowIds[name])
    const body = row?.[0]
    if (typeof body !== 'string' || rowChecksum(name, body) !== row?.[1]) continue
    try {
      const value = metaSchemas[name].safeParse(JSON.parse(body))
      if (value.success) found[name] = value.data
    } catch {
      continue
    }
  }
  return found as Partial<Meta>
}

export function isWholeMeta(meta: Partial<Meta>): meta is Meta {
  return metaNames.every((name) => meta[name] !== undefined)
}
