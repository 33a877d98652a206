import { parseArgs } from 'node:util'
import { deviceChoices, type DeviceChoice } from '../engine/models/find-device.ts'
import { numberIn, oneOf, parseRange, understood, wholeNumber } from './argument-values.ts'
import { addPrompt, type ObjectArguments } from './prompt-arguments.ts'
import {
  trackingArguments,
  trackingOptions,
  trackingUsage,
  type TrackingArguments,
} from './tracking-arguments.ts'
import { UsageError } from './usage-error.ts'

export const trackUsage = `maskwright track VIDEO --object NAME PROMPT... [--object NAME PROMPT...]... --out FOLDER

Prompts of the object before them, in source pixels:
  --point FRAME:X,Y        the object is here       (FRAME:X,Y:- it is not)
  --box FRAME:L,T,R,B      the object fills this box
  --mask FRAME:FILE.png    the object's mask, all that is not black

  --out FOLDER             gets VIDEO.annotated.mp4, masks/OBJECT/FRAME.png and tracks.json
  --range A:B              frames A to B only, both included (either may be left out)
  --both, --reverse        track both ways from the prompts, or back from them; forward by default
  --palette                also one indexed PNG a frame with all objects (palette)
  --opacity N              of the fill in the annotated film, 0 to 1 (default 0.42)
  --model NAME|FILE        nano (default), tiny, small, base-plus, large or a checkpoint
  --size N                 side of the model's picture, a multiple of 32 (default: the model's own)
${trackingUsage}
  --device DEVICE          auto (default: the fastest that works), cpu, webgpu, cuda, dml or coreml
  --precision auto|fp32|fp16|int8
                           auto runs parts at fp16 on devices that gain by it, where masks stay the same; int8 computes
                           nano's trunk in 8 bits on the processor: faster, less exact; reference mode is fp32
  --threads N              of the processor (default: all)

Where a click takes more than the object, add points that are not it, or give its box:
  maskwright track clip.mp4 --object ball --point 0:703,303 --point 0:731,256:- --out out/`

export interface TrackArguments extends TrackingArguments {
  readonly videoPath: string
  readonly objects: readonly ObjectArguments[]
  readonly outFolder: string
  /** As given; an open end is null. */
  readonly range: { readonly first: number | null; readonly last: number | null }
  readonly direction: 'forward' | 'reverse' | 'both'
  readonly palette: boolean
  readonly fillOpacity: number | null
  readonly model: string
  readonly imageSize: number | null
  readonly device: DeviceChoice
  readonly precision: 'auto' | 'fp32' | 'fp16' | 'int8'
  readonly threads: number | null
}

const options = {
  object: { type: 'string', multiple: true },
  point: { type: 'string', multiple: true },
  box: { type: 'string', multiple: true },
  mask: { type: 'string', multiple: true },
  out: { type: 'string' },
  range: { type: 'string' },
  both: { type: 'boolean' },
  reverse: { type: 'boolean' },
  palette: { type: 'boolean' },
  opacity: { type: 'string' },
  model: { type: 'string' },
  size: { type: 'string' },
  ...trackingOptions,
  device: { type: 'string' },
  precision: { type: 'string' },
  threads: { type: 'string' },
} as const

/** @throws UsageError that names what was not understood */
export function parseTrackArguments(args: readonly string[]): TrackArguments {
  const { values, positionals, tokens } = parsed(args)
  const [videoPath, ...rest] = positionals
  if (videoPath === undefined) throw new UsageError('Which video? Give its path first.')
  if (rest.length > 0) throw new UsageError(`One video at a time: "${rest.join(' ')}" was not expected.`)
  if (values.out === undefined) throw new UsageError('Where to? Name a folder with --out.')
  if (values.both && values.reverse) throw new UsageError('Use --both or --reverse, not the two together.')
  return {
    videoPath,
    objects: objectsOf(tokens),
    outFolder: values.out,
    range: values.range === undefined ? { first: null, last: null } : parseRange(values.range),
    direction: values.both ? 'both' : values.reverse ? 'reverse' : 'forward',
    palette: values.palette ?? false,
    fillOpacity: values.opacity === undefined ? null : numberIn('--opacity', values.opacity, 0, 1),
    model: values.model ?? 'nano',
    imageSize: values.size === undefined ? null : wholeNumber('--size', values.size),
    ...trackingArguments(values),
    device: oneOf('--device', values.device ?? 'auto', deviceChoices),
    precision: oneOf('--precision', values.precision ?? 'auto', ['auto', 'fp32', 'fp16', 'int8'] as const),
    threads: values.threads === undefined ? null : wholeNumber('--threads', values.threads),
  }
}

function parsed(args: readonly string[]) {
  return understood(() => parseArgs({ args: [...args], options, allowPositionals: true, tokens: true }))
}

type Tokens = ReturnType<typeof parsed>['tokens']

function objectsOf(tokens: Tokens): ObjectArguments[] {
  const objects: ObjectArguments[] = []
  for (const token of tokens) {
    if (token.kind !== 'option' || token.value === undefined) continue
    if (token.name === 'object') {
      const name = token.value.trim()
      if (name === '') throw new UsageError('An object needs a name: --object NAME.')
      if (objects.some((object) => object.name === name)) {
        throw new UsageError(`There are two objects named "${name}"; give each its own name.`)
      }
      objects.push({ name, frames: new Map() })
    } else if (token.name === 'point' || token.name === 'box' || token.name === 'mask') {
      const object = objects.at(-1)
      if (!object) throw new UsageError(`--${token.name} needs an --object before it.`)
      addPrompt(object, token.name, token.value)
    }
  }
  if (objects.length === 0)
    throw new UsageError('What is to be tracked? Name it with --object and prompt it.')
  const bare = objects.find(({ frames }) => frames.size === 0)
  if (bare)
    throw new UsageError(`Object "${bare.name}" has no prompt: add --point, --box or --mask after it.`)
  return objects
}
