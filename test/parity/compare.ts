import { noObjectLogit } from '../../models/sam2/mask-choice.ts'

/** Masks may differ only where the reference's logit is nearer to 0 than this. */
const undecidedLogit = 1e-2
/** Largest difference over the largest magnitude that the processor is allowed, and any other device. */
export const tolerances = { processor: 1e-3, otherDevice: 1e-2 } as const

export const quantities = [
  'low-resolution logits',
  'score',
  'pointer',
  'video logits',
  'video masks',
] as const
export type Quantity = (typeof quantities)[number]

export interface Deviation {
  /** Largest difference over the reference's largest magnitude; for masks, the share of pixels that differ. */
  readonly worst: number
  readonly failures: number
  readonly compared: number
}

/** Stretched to video size, -1024 comes back with the rounding of its weights. */
function isAbsent(quantity: Quantity, value: number): boolean {
  return quantity === 'video logits' ? Math.abs(value - noObjectLogit) < 1 : value === noObjectLogit
}

const none: Deviation = { worst: 0, failures: 0, compared: 0 }

/** Collects how far our numbers are from the reference's, quantity by quantity. */
export class ParityTally {
  private readonly deviations = new Map<Quantity, Deviation>()
  readonly complaints: string[] = []
  private readonly tolerance: number

  constructor(tolerance: number) {
    this.tolerance = tolerance
  }

  of(quantity: Quantity): Deviation {
    return this.deviations.get(quantity) ?? none
  }

  get passed(): boolean {
    return this.complaints.length === 0
  }

  /** Numbers must agree within the tolerance, and be -1024 exactly where the reference is. */
  numbers(quantity: Quantity, place: string, ours: Float32Array, reference: Float32Array): void {
    if (ours.length !== reference.length) {
      this.complaints.push(`${place}: ${quantity} has ${ours.length} numbers, not ${reference.length}`)
      return
    }
    let difference = 0
    let magnitude = 0
    let misplaced = 0
    for (let i = 0; i < reference.length; i++) {
      const expected = reference[i]!
      if (isAbsent(quantity, expected) !== isAbsent(quantity, ours[i]!)) misplaced++
      if (isAbsent(quantity, expected)) continue
      difference = Math.max(difference, Math.abs(ours[i]! - expected))
      magnitude = Math.max(magnitude, Math.abs(expected))
    }
    const worst = difference === 0 ? 0 : difference / magnitude
    const holds = worst <= this.tolerance && misplaced === 0 && !ours.some(Number.isNaN)
    this.record(quantity, worst, holds)
    if (!holds)
      this.complaints.push(
        `${place}: ${quantity} off by ${worst.toExponential(2)}, ${misplaced} misplaced -1024`,
      )
  }

  /** Masks must agree wherever the reference has decided. */
  masks(place: string, ours: Float32Array, reference: Float32Array): void {
    let different = 0
    for (let i = 0; i < reference.length; i++) {
      if (Math.abs(reference[i]!) < undecidedLogit) continue
      if (ours[i]! > 0 !== reference[i]! > 0) different++
    }
    this.record('video masks', different / reference.length, different === 0)
    if (different > 0) this.complaints.push(`${place}: ${different} mask pixels differ`)
  }

  order(place: string, ours: readonly number[], reference: readonly number[]): void {
    if (ours.join() === reference.join()) return
    this.complaints.push(`${place}: frames came as ${ours.join()}, not ${reference.join()}`)
  }

  private record(quantity: Quantity, worst: number, holds: boolean): void {
    const before = this.of(quantity)
    this.deviations.set(quantity, {
      worst: Math.max(before.worst, worst),
      failures: before.failures + (holds ? 0 : 1),
      compared: before.compared + 1,
    })
  }
}
