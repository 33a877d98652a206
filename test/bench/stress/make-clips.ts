import { cutClip } from './cut-clip.ts'
import { loopClip } from './loop-clip.ts'
import { mirrorClip } from './mirror-clip.ts'
import { occluderClip } from './occluder-clip.ts'
import { SeededRandom } from './seeded-random.ts'
import { smallClip } from './small-clip.ts'
import type { Category, StressClip } from './stress-clip.ts'
import type { TrueSequence } from './true-sequence.ts'

const hiddenFrames = [5, 20, 60]
const fractions = [1 / 4, 1 / 8]

/**
 * The clips of a run, in the order of their categories; the same for the same sequences and seed, whichever categories
 * are asked for.
 * @param longFrames length of the long clip
 */
export function* makeClips(
  sequences: readonly TrueSequence[],
  seed: number,
  wanted: readonly Category[],
  longFrames: number,
): Generator<StressClip> {
  for (const category of wanted) {
    const random = new SeededRandom(seed * 5 + category.charCodeAt(0))
    if (category === 'e') {
      yield loopClip(random.pick(sequences), longFrames)
      continue
    }
    for (const [index, sequence] of sequences.entries()) {
      const others = sequences.filter((other) => other !== sequence)
      const scene = others.length === 0 ? sequence : random.pick(others)
      yield* clipsOf(category, sequence, scene, index, random)
    }
  }
}

function* clipsOf(
  category: Exclude<Category, 'e'>,
  sequence: TrueSequence,
  scene: TrueSequence,
  index: number,
  random: SeededRandom,
): Generator<StressClip> {
  switch (category) {
    case 'a':
      yield cutClip(sequence, scene === sequence || index % 2 === 1 ? null : scene, random)
      return
    case 'b':
      for (const hidden of hiddenFrames) yield occluderClip(sequence, scene, hidden, random)
      return
    case 'c':
      yield mirrorClip(sequence, random)
      return
    case 'd':
      for (const fraction of fractions) yield smallClip(sequence, scene, fraction, random)
      return
  }
}
