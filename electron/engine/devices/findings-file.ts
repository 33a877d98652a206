import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { findingSchema, type Finding } from '../../../models/devices/finding.ts'
import { devices } from '../../../models/runtime/session.ts'
import { isAlive } from '../processes/is-alive.ts'

const fileSchema = z.object({
  facts: z.string(),
  findings: z.array(findingSchema).max(devices.length),
  /** The device that a process tries at this moment within itself. */
  trying: z.object({ device: z.enum(devices), processId: z.number().int().positive() }).optional(),
})
export type FindingsFile = z.infer<typeof fileSchema>

/**
 * What was found out before in this state of the machine. A file of another, or none at all, is as good as nothing. A
 * device that a process tried which is gone ended that process.
 */
export function readFindings(path: string, facts: string): readonly Finding[] {
  try {
    const file = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    if (file.facts !== facts) return []
    const { findings, trying } = file
    if (trying === undefined || isAlive(trying.processId)) return findings
    const reason = 'Its driver ended the process that tried it.'
    return [...findings, { device: trying.device, works: false, reason }]
  } catch {
    return []
  }
}

/** Keeps what was found out. Where that cannot be written it is found out again the next time. */
export function writeFindings(path: string, file: FindingsFile): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileAtomic.sync(path, JSON.stringify(file))
  } catch {
    // A folder that takes nothing, or one in the file's place.
  }
}
