import { readdirSync, readFileSync } from 'node:fs'

interface ProcessFacts {
  readonly processId: number
  readonly parentId: number
  readonly commandLine: string
}

function allProcesses(): ProcessFacts[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
        const parentId = Number(/\) \S (\d+)/.exec(stat)?.[1])
        const commandLine = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return [{ processId: Number(entry), parentId, commandLine }]
      } catch {
        // It ended meanwhile.
        return []
      }
    })
}

/** Processes below one whose command line has a text in it. Linux only. */
export function processesBelow(rootId: number, text: string): number[] {
  const all = allProcesses()
  const below = new Set([rootId])
  for (let size = 0; size !== below.size;) {
    size = below.size
    for (const { processId, parentId } of all) if (below.has(parentId)) below.add(processId)
  }
  below.delete(rootId)
  return all
    .filter(({ processId, commandLine }) => below.has(processId) && commandLine.includes(text))
    .map(({ processId }) => processId)
}
