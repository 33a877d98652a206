import { decodeRunLength } from '../../masks/run-length-mask.ts'
import { runLengthBox } from '../../masks/run-length-measures.ts'
import { polygonsOfMask } from '../../masks/polygon-keyhole.ts'
import { categoriesOf, categoryOf, type DatasetFormat, type DatasetMask } from './dataset-format.ts'
import { cutFile } from './cut-file.ts'
import { cvatMaskRuns } from './cvat-mask-runs.ts'
import { countListedFrames } from './frame-list.ts'
import { linesOf } from './lines-of.ts'
import type { OutputFiles } from './output-files.ts'
import type { TextFile } from './text-file.ts'
import { xmlEscaped } from './xml-escaped.ts'

export interface CvatOptions {
  readonly shapes: 'mask' | 'polygon'
}

const fileName = 'annotations.xml'

/** CVAT for video 1.1: a track for every object with a keyframe on every frame. */
export const cvat: DatasetFormat<CvatOptions> = {
  title: 'CVAT for video 1.1 (XML)',
  kind: 'dataset',
  keeps:
    'every pixel of every mask, overlaps and holes too (as masks or as polygons, where an object of several parts has ' +
    'several tracks in one group); classes and names; source frame numbers; times in frames.csv beside it',
  loses: 'scores; with polygons, holes become cuts',
  leavesOut: null,
  listsFrames: true,
  needsPictures: () => false,
  places: () => [fileName, 'frames.csv'],
  async open(files, job, { shapes }) {
    const file = await files.text(fileName)
    const { source, objects, name } = job
    const categories = categoriesOf(objects)
    await file.write(
      `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n  <meta>\n    <task>\n` +
        `      <name>${xmlEscaped(name)}</name>\n      <size>${source.frameCount}</size>\n` +
        `      <mode>interpolation</mode>\n      <start_frame>0</start_frame>\n` +
        `      <stop_frame>${source.frameCount - 1}</stop_frame>\n      <labels>\n${categories.map(labelElement).join('')}` +
        `      </labels>\n      <original_size>\n        <width>${source.widthPx}</width>\n` +
        `        <height>${source.heightPx}</height>\n      </original_size>\n    </task>\n  </meta>\n`,
    )
    const tracks = new TrackTexts(files)
    let nextFrame = 0
    return {
      async write({ frameIndex, masks }) {
        const present = new Set<string>()
        for (const mask of masks) {
          for (const [part, shape] of shapesOf(mask, shapes).entries()) {
            const key = `${mask.objectIndex}-${part}`
            present.add(key)
            await tracks.show(key, mask, frameIndex, shape)
          }
        }
        await tracks.hideOthers(present, frameIndex)
        nextFrame = frameIndex + 1
        return 0
      },
      async end() {
        // What is behind the exported range is not said to show the objects.
        if (nextFrame < source.frameCount) await tracks.hideOthers(new Set(), nextFrame)
        const ordered = [...tracks.all()].sort((a, b) => a.mask.objectIndex - b.mask.objectIndex)
        for (const [id, { mask, text }] of ordered.entries()) {
          const { object, objectIndex } = mask
          await file.write(
            `  <track id="${id}" label="${xmlEscaped(categoryOf(object))}" source="semi-auto" group_id="${objectIndex + 1}"` +
              ` name="${xmlEscaped(object.name)}">\n`,
          )
          await file.append(text)
          await file.write('  </track>\n')
        }
        await file.write('</annotations>\n')
      },
    }
  },
  async recount(at) {
    const path = at(fileName)
    let isClosed = false
    let group = ''
    // Parts of one object on one frame are one mask.
    let frames = new Set<string>()
    let masks = 0
    for await (const line of linesOf(path)) {
      if (line === '</annotations>') isClosed = true
      const opened = /^ {2}<track .* group_id="(\d+)"/.exec(line)?.[1]
      if (opened !== undefined && opened !== group) {
        masks += frames.size
        frames = new Set()
        group = opened
      }
      const frame = /^ {4}<(?:mask|polygon) frame="(\d+)" keyframe="1" outside="0"/.exec(line)?.[1]
      if (frame !== undefined) frames.add(frame)
    }
    if (!isClosed) throw cutFile(fileName)
    return { frames: await countListedFrames(at), masks: masks + frames.size }
  },
}

/** A shape's element and attributes but for those that say whether it is seen. */
interface Shape {
  readonly element: 'mask' | 'polygon'
  readonly attributes: string
}

interface TrackText {
  readonly mask: DatasetMask
  readonly text: TextFile
  last: Shape
  isShown: boolean
}

/** The file has one track after the other, but all come frame by frame: each waits in a text of its own. */
class TrackTexts {
  readonly #files: OutputFiles
  readonly #tracks = new Map<string, TrackText>()

  constructor(files: OutputFiles) {
    this.#files = files
  }

  all(): Iterable<TrackText> {
    return this.#tracks.values()
  }

  async show(key: string, mask: DatasetMask, frameIndex: number, shape: Shape): Promise<void> {
    let track = this.#tracks.get(key)
    if (track === undefined) {
      track = { mask, text: await this.#files.scratch(`track-${key}`), last: shape, isShown: true }
      this.#tracks.set(key, track)
    }
    track.last = shape
    track.isShown = true
    await track.text.write(shapeElement(shape, frameIndex, false))
  }

  /** CVAT shows a shape until it is said to be outside. */
  async hideOthers(shown: ReadonlySet<string>, frameIndex: number): Promise<void> {
    for (const [key, track] of this.#tracks) {
      if (!track.isShown || shown.has(key)) continue
      track.isShown = false
      await track.text.write(shapeElement(track.last, frameIndex, true))
    }
  }
}

function shapesOf({ mask }: DatasetMask, kind: CvatOptions['shapes']): Shape[] {
  if (kind === 'polygon')
    return polygonsOfMask(decodeRunLength(mask)).map((polygon) => ({
      element: 'polygon',
      attributes: `points="${pointPairs(polygon)}" z_order="0"`,
    }))
  const { leftPx, topPx, widthPx, heightPx } = runLengthBox(mask)!
  const runs = cvatMaskRuns(decodeRunLength(mask), { leftPx, topPx, widthPx, heightPx })
  const box = `left="${leftPx}" top="${topPx}" width="${widthPx}" height="${heightPx}"`
  return [{ element: 'mask', attributes: `rle="${runs.join(', ')}" ${box} z_order="0"` }]
}

function shapeElement({ element, attributes }: Shape, frameIndex: number, isOutside: boolean): string {
  const state = `keyframe="1" outside="${isOutside ? 1 : 0}" occluded="0"`
  return `    <${element} frame="${frameIndex}" ${state} ${attributes}></${element}>\n`
}

function pointPairs(polygon: readonly number[]): string {
  return Array.from(
    { length: polygon.length / 2 },
    (_, i) => `${polygon[2 * i]!.toFixed(2)},${polygon[2 * i + 1]!.toFixed(2)}`,
  ).join(';')
}

function labelElement(category: string): string {
  return `        <label>\n          <name>${xmlEscaped(category)}</name>\n          <attributes></attributes>\n        </label>\n`
}
