import { allOf } from './all-of.ts'
import type { FrameSink, WrittenOutput } from './frame-sink.ts'

/** Several sinks as one. */
export function joinSinks(sinks: readonly FrameSink[]): FrameSink {
  return {
    write: (frame, masks) => allOf(sinks.map((sink) => sink.write(frame, masks))),
    async finish() {
      const outputs: WrittenOutput[] = []
      for (const sink of sinks) outputs.push(...(await sink.finish()))
      // Nothing was exported: the folders that were made for it go too, which needs all sinks to be gone.
      if (outputs.length === 0) await abortAll(sinks)
      return outputs
    },
    async commit() {
      for (const sink of sinks) await sink.commit()
    },
    abort: () => abortAll(sinks),
  }
}

/** Last opened first, so that the one that made a folder for all finds it empty. */
export async function abortAll(sinks: readonly FrameSink[]): Promise<void> {
  for (const sink of sinks.toReversed()) await sink.abort()
}

/** Opens sinks one after another; if one cannot be opened, those before it clean up. */
export async function openAll(openers: readonly (() => Promise<FrameSink>)[]): Promise<FrameSink> {
  const sinks: FrameSink[] = []
  try {
    for (const open of openers) sinks.push(await open())
  } catch (error) {
    await abortAll(sinks)
    throw error
  }
  return joinSinks(sinks)
}
