import { LIMITS } from '../../../contract/limits.ts'
import type { RunLengthMask } from '../../../contract/mask.ts'
import { MaskFormatError } from '../../masks/mask-errors.ts'
import { fillPolygon } from '../../masks/polygon-fill.ts'
import { encodeRunLength } from '../../masks/run-length-mask.ts'
import { ImportDamaged, ImportNeedsVideo } from '../import-errors.ts'
import type { PictureSize } from '../imported-labels.ts'
import type { LabelCollector } from '../label-collector.ts'
import { stemOf } from '../read-source.ts'
import { sentenceOf } from './label-folder.ts'

type Attributes = Readonly<Record<string, string>>

/** Elements that are no free outline. */
const otherShapes = new Set(['box', 'polyline', 'points', 'cuboid', 'skeleton', 'ellipse', 'tag'])

interface Track {
  readonly id: string
  readonly label: string
  readonly group: string | null
  readonly name: string | null
}

interface Image {
  readonly frame: number
  readonly size: PictureSize
  readonly counted: Map<string, number>
}

/** Turns the elements of a CVAT file, as they come, into masks. */
export class CvatShapes {
  /** Of the image flavour, as the file names them. */
  readonly pictureNames: string[] = []
  readonly #file: string
  readonly #collector: LabelCollector
  readonly #videoSize: PictureSize | null
  readonly #originalSize = { width: 0, height: 0 }
  #track: Track | null = null
  #image: Image | null = null

  constructor(file: string, collector: LabelCollector, videoSize: PictureSize | null) {
    this.#file = file
    this.#collector = collector
    this.#videoSize = videoSize
  }

  /** @param path names of the open elements, the newest last */
  open(path: readonly string[], attributes: Attributes): void {
    const name = path.at(-1)!
    const parent = path.at(-2)
    if (path.length === 2 && name === 'track') this.#track = this.#trackOf(attributes)
    else if (path.length === 2 && name === 'image') this.#image = this.#imageOf(attributes)
    else if (path.length === 3 && (parent === 'track' || parent === 'image')) this.#shape(name, attributes)
  }

  close(path: readonly string[], text: string): void {
    const name = path.at(-1)!
    if (name === 'track') this.#track = null
    if (name === 'image') this.#image = null
    if (path.at(-2) === 'original_size' && (name === 'width' || name === 'height'))
      this.#originalSize[name] = this.#wholeNumber(name, text, 1, LIMITS.sidePx)
  }

  #trackOf({ id = '', label = '', group_id, name }: Attributes): Track {
    const group = group_id === undefined || group_id === '' || group_id === '0' ? null : group_id
    return { id, label, group, name: name ?? null }
  }

  #imageOf({ id, name = '', width, height }: Attributes): Image {
    const number = this.#wholeNumber('the id of an image', id, 0, LIMITS.frameIndex)
    this.pictureNames.push(name)
    return {
      frame: this.#collector.frame(number, () => ({ name: stemOf(name), number })),
      size: {
        widthPx: this.#wholeNumber('the width of an image', width, 1, LIMITS.sidePx),
        heightPx: this.#wholeNumber('the height of an image', height, 1, LIMITS.sidePx),
      },
      counted: new Map(),
    }
  }

  #shape(element: string, attributes: Attributes): void {
    const image = this.#image
    const track = this.#track
    const isShape = element === 'mask' || element === 'polygon'
    if (!isShape && !otherShapes.has(element)) return
    const label = track?.label ?? attributes['label'] ?? ''
    const frame = image?.frame ?? this.#frameOf(attributes)
    const what = `${element} of ${label === '' ? 'an object' : label} on frame ${attributes['frame'] ?? frame}`
    if (attributes['outside'] === '1') return
    if (!isShape) {
      this.#collector.skip(what, 'it is neither mask nor polygon')
      return
    }
    const size = image?.size ?? this.#size()
    const mask = this.#damageOf(what, () =>
      element === 'mask' ? this.#maskOf(what, attributes, size) : polygonOf(attributes, size),
    )
    const object = track === null ? this.#objectOnImage(attributes, label, image) : this.#objectOfTrack(track)
    this.#collector.add(frame, object, mask)
  }

  #frameOf({ frame }: Attributes): number {
    const number = this.#wholeNumber('the frame of a shape', frame, 0, LIMITS.frameIndex)
    return this.#collector.frame(number, () => ({ name: null, number }))
  }

  #objectOfTrack({ id, label, group, name }: Track): number {
    const key = group === null ? `track ${id}` : `group ${group} ${label}`
    return this.#collector.object(key, () => ({
      name: name ?? label,
      className: label === '' ? null : label,
    }))
  }

  #objectOnImage({ group_id: group = '0' }: Attributes, label: string, image: Image | null): number {
    let key = `group ${group} ${label}`
    if (group === '0' || group === '') {
      this.#collector.lacksIdentities()
      const count = (image?.counted.get(label) ?? 0) + 1
      image?.counted.set(label, count)
      key = `label ${label} ${count}`
    }
    return this.#collector.object(key, () => ({ name: label, className: label === '' ? null : label }))
  }

  #size(): PictureSize {
    const { width, height } = this.#originalSize
    if (width > 0 && height > 0) return { widthPx: width, heightPx: height }
    if (this.#videoSize === null) throw new ImportNeedsVideo()
    return this.#videoSize
  }

  /** Runs row by row inside a box, background first. */
  #maskOf(what: string, attributes: Attributes, { widthPx, heightPx }: PictureSize): RunLengthMask {
    const of = (name: string, least: number, most: number): number =>
      this.#wholeNumber(`${name} of the ${what}`, attributes[name], least, most)
    const [left, top] = [of('left', 0, widthPx - 1), of('top', 0, heightPx - 1)]
    const [width, height] = [of('width', 1, widthPx - left), of('height', 1, heightPx - top)]
    const data = new Uint8Array(widthPx * heightPx)
    let position = 0
    let value = 0
    for (const part of (attributes['rle'] ?? '').split(',')) {
      const end =
        position + this.#wholeNumber(`a run of the ${what}`, part.trim(), 0, width * height - position)
      for (; value === 1 && position < end; position++) {
        const y = Math.floor(position / width)
        data[(top + y) * widthPx + left + position - y * width] = 1
      }
      position = end
      value = 1 - value
    }
    if (position !== width * height) throw new MaskFormatError('its runs do not fill its box')
    return encodeRunLength({ widthPx, heightPx, data })
  }

  #damageOf(what: string, read: () => RunLengthMask): RunLengthMask {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof MaskFormatError)) throw error
      throw new ImportDamaged(this.#file, `the ${what}: ${sentenceOf(error)}`, error)
    }
  }

  #wholeNumber(what: string, text: string | undefined, least: number, most: number): number {
    const value = Number(text)
    if (text !== undefined && /^\d{1,10}(\.0+)?$/.test(text) && value >= least && value <= most) return value
    const shown = JSON.stringify((text ?? '').slice(0, 40))
    throw new ImportDamaged(this.#file, `${what} is ${shown}, not a whole number from ${least} to ${most}`)
  }
}

function polygonOf({ points = '' }: Attributes, { widthPx, heightPx }: PictureSize): RunLengthMask {
  const coordinates = points.split(';').flatMap((pair) => pair.split(',').map(coordinateOf))
  return fillPolygon(coordinates, heightPx, widthPx)
}

/** Text that is no number becomes NaN, which filling refuses. */
function coordinateOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}
