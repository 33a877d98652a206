import { fileURLToPath } from 'node:url'
import { parseTrackArguments } from './track-arguments.ts'
import { track, type CommandOutput } from './track-command.ts'

const sampleClip = fileURLToPath(new URL('../../test/fixtures/sample/bottles.mp4', import.meta.url))

/** Tracks two bottles of the sample clip with the built-in model, so that a fresh clone shows something at once. */
export async function demo(output: CommandOutput): Promise<number> {
  output.say('Tracking two bottles of the sample clip with the built-in model.')
  const code = await track(
    parseTrackArguments([
      sampleClip,
      ...['--object', 'middle', '--point', '39:315,240', '--point', '39:313,140'],
      ...['--object', 'left', '--box', '39:54,105,124,314'],
      ...['--range', '39:119', '--out', 'out/demo'],
    ]),
    output,
  )
  output.say('Open out/demo/bottles.annotated.mp4 to see it.')
  return code
}
