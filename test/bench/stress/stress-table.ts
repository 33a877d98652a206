import { formatTable } from '../../../electron/cli/text-table.ts'
import type { ClipScore } from './clip-score.ts'
import { modes, type ClipScores } from './run-clip.ts'
import { categories, type Category, type StressClip } from './stress-clip.ts'

/** What the default mode may lose. */
const allowedLoss = 0.01

interface Row {
  readonly clip: StressClip
  readonly scores: ClipScores
}

/** Collects the clips of a run, says each as it comes, and at the end all by category. */
export class StressTable {
  private readonly say: (line: string) => void
  private readonly rows: Row[] = []

  constructor(say: (line: string) => void) {
    this.say = say
  }

  add(clip: StressClip, scores: ClipScores): void {
    this.rows.push({ clip, scores })
    const { reference, default: ours } = scores
    const gain = signed(ours.accuracy - reference.accuracy)
    this.say(
      `${clip.category} ${clip.name}: reference ${facts(reference)}, default ${facts(ours)}, gain ${gain}`,
    )
  }

  /**
   * Says all clips by category, by its degrees where it has several, and one by one.
   * @returns whether the default mode wins on every category that has to be won, and loses neither one nor a degree of one
   */
  close(): boolean {
    const head = [
      '',
      'clips',
      ...modes.flatMap((mode) => [`${mode} J&F`, 're-found', 'switched']),
      'gain',
      '',
    ]
    const [summary, single, failures] = [[head], [head], [] as string[]]
    for (const category of Object.keys(categories) as Category[]) {
      const rows = this.rows.filter(({ clip }) => clip.category === category)
      if (rows.length === 0) continue
      const gain = gainOf(rows)
      summary.push(lineOf(`${category} ${categories[category]}`, rows))
      if (category !== 'e' && gain <= 0) failures.push(`${category} is not won: ${signed(gain)}`)
      if (gain < -allowedLoss) failures.push(`${category} is lost: ${signed(gain)}`)
      const degrees = new Set(rows.map(({ clip }) => clip.degree))
      for (const degree of degrees.size > 1 ? degrees : []) {
        const ofDegree = rows.filter(({ clip }) => clip.degree === degree)
        summary.push(lineOf(`  ${degree}`, ofDegree))
        const lost = gainOf(ofDegree)
        if (lost < -allowedLoss) failures.push(`${category} ${degree} is lost: ${signed(lost)}`)
      }
      single.push(...rows.map((row) => lineOf(`${category} ${row.clip.name}`, [row])))
    }
    this.say(`\n${formatTable(single)}`)
    this.say(`\n${formatTable(summary)}`)
    for (const failure of failures) this.say(failure)
    const [reference, ours] = modes.map((mode) => share(meanOf(this.rows, mode, accuracy)))
    this.say(`reference J&F ${reference!} default J&F ${ours!}`)
    return failures.length === 0
  }
}

function lineOf(name: string, rows: readonly Row[]): string[] {
  const gain = gainOf(rows)
  return [
    name,
    String(rows.length),
    ...modes.flatMap((mode) => [
      share(meanOf(rows, mode, accuracy)),
      share(meanOf(rows, mode, (score) => score.refound)),
      share(meanOf(rows, mode, (score) => score.switchedShare)),
    ]),
    signed(gain),
    gain < -allowedLoss ? 'lost' : '',
  ]
}

function gainOf(rows: readonly Row[]): number {
  return meanOf(rows, 'default', accuracy)! - meanOf(rows, 'reference', accuracy)!
}

const accuracy = (score: ClipScore): number => score.accuracy

/** Mean over the clips that have the figure; null where none has. */
function meanOf(
  rows: readonly Row[],
  mode: (typeof modes)[number],
  figure: (score: ClipScore) => number | null,
): number | null {
  const figures = rows.map(({ scores }) => figure(scores[mode])).filter((value) => value !== null)
  return figures.length === 0 ? null : figures.reduce((sum, value) => sum + value, 0) / figures.length
}

function facts(score: ClipScore): string {
  return [score.accuracy, score.refound, score.switchedShare].map(share).join(' / ')
}

function share(value: number | null): string {
  return value === null ? '-' : value.toFixed(3)
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(3)}`
}
