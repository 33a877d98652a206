import { join, relative } from 'node:path'
import type { WrittenOutput } from '../engine/export/frame-sink.ts'

/** A line that says where something was written, seen from the working folder where that is shorter. */
export function describeOutput(written: WrittenOutput): string {
  const here = (path: string): string => {
    const short = relative(process.cwd(), path)
    return short.startsWith('..') ? path : short
  }
  switch (written.kind) {
    case 'video':
      return `Film: ${here(written.path)}${written.audio.kind === 'leftOut' ? ` (${written.audio.sentence})` : ''}`
    case 'pictures':
      return `Pictures: ${here(join(written.folder, `*.${written.extension}`))}`
    case 'tracks':
      return `Tracks: ${here(written.path)}`
    case 'dataset':
      return `Written: ${here(written.path)}`
  }
}
