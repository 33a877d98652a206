import { finiteNumber, wholeNumber } from './argument-values.ts'
import { UsageError } from './usage-error.ts'
import type { BoxPrompt, PointPrompt } from '../engine/tracking/predictor-types.ts'

/** One object of the command line with its prompts by frame. */
export interface ObjectArguments {
  readonly name: string
  readonly frames: Map<number, FrameArguments>
}

export interface FrameArguments {
  points: PointPrompt[]
  box?: BoxPrompt
  maskFile?: string
}

/**
 * Adds a prompt in the words of the command line, `FRAME:X,Y`, `FRAME:L,T,R,B` or `FRAME:FILE.png`, to an object.
 * @throws UsageError that names what was not understood
 */
export function addPrompt(object: ObjectArguments, kind: 'point' | 'box' | 'mask', text: string): void {
  const colon = text.indexOf(':')
  const frameIndex = wholeNumber(`--${kind} ${text}: the frame`, text.slice(0, Math.max(colon, 0)))
  const frame = object.frames.get(frameIndex) ?? { points: [] }
  object.frames.set(frameIndex, frame)
  const rest = text.slice(colon + 1)
  if (kind === 'point') frame.points.push(parsePoint(text, rest))
  else if (kind === 'box' && frame.box === undefined) frame.box = parseBox(text, rest)
  else if (kind === 'mask' && frame.maskFile === undefined && rest !== '') frame.maskFile = rest
  else throw new UsageError(`Object "${object.name}" already has a ${kind} on frame ${frameIndex}.`)
  if (frame.maskFile !== undefined && (frame.box !== undefined || frame.points.length > 0)) {
    throw new UsageError(
      `On frame ${frameIndex} object "${object.name}" has a mask: it takes no points or box there.`,
    )
  }
}

function parsePoint(text: string, rest: string): PointPrompt {
  const match = /^([^,:]+),([^,:]+)(?::([+-]))?$/.exec(rest)
  if (!match) throw new UsageError(`--point ${text} is not of the form FRAME:X,Y or FRAME:X,Y:-.`)
  return {
    x: finiteNumber(`--point ${text}`, match[1]!),
    y: finiteNumber(`--point ${text}`, match[2]!),
    label: match[3] === '-' ? 0 : 1,
  }
}

function parseBox(text: string, rest: string): BoxPrompt {
  const [left, top, right, bottom, ...more] = rest
    .split(',')
    .map((part) => finiteNumber(`--box ${text}`, part))
  if (
    left === undefined ||
    top === undefined ||
    right === undefined ||
    bottom === undefined ||
    more.length > 0
  ) {
    throw new UsageError(`--box ${text} is not of the form FRAME:LEFT,TOP,RIGHT,BOTTOM.`)
  }
  return [left, top, right, bottom]
}
