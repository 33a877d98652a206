import { runLengthBox } from '../../masks/run-length-measures.ts'
import { categoriesOf, categoryOf, type DatasetFormat } from './dataset-format.ts'
import { countListedFrames } from './frame-list.ts'
import { linesOf } from './lines-of.ts'
import { sequenceDescription } from './mot-sequence.ts'

/** MOTChallenge ground truth: a box a line, everything counted from 1. */
export const mot: DatasetFormat<unknown> = {
  title: 'MOT (text, boxes)',
  kind: 'table',
  keeps:
    'the box and track id of every object on every frame, classes; frame numbers and times in frames.csv beside it',
  loses: 'the masks, scores, names, colours; frames without objects are not said',
  leavesOut: null,
  firstNumber: 1,
  listsFrames: true,
  needsPictures: () => false,
  places: () => ['gt/gt.txt', 'gt/labels.txt', 'seqinfo.ini', 'frames.csv'],
  async open(files, job) {
    const categories = categoriesOf(job.objects)
    const boxes = await files.text('gt', 'gt.txt')
    const labels = await files.text('gt', 'labels.txt')
    await labels.write(categories.map((category) => `${category}\n`).join(''))
    const sequence = await files.text('seqinfo.ini')
    await sequence.write(sequenceDescription(job))
    return {
      async write({ number, masks }) {
        for (const { mask, object, objectIndex } of masks) {
          const { leftPx, topPx, widthPx, heightPx } = runLengthBox(mask)!
          const box = [leftPx + 1, topPx + 1, widthPx, heightPx]
          const category = categories.indexOf(categoryOf(object)) + 1
          await boxes.write(`${[Number(number), objectIndex + 1, ...box, 1, category, 1].join(',')}\n`)
        }
        return 0
      },
      async end() {},
    }
  },
  async recount(at) {
    let masks = 0
    for await (const line of linesOf(at('gt', 'gt.txt'))) if (line.split(',').length === 9) masks++
    return { frames: await countListedFrames(at), masks }
  },
}
