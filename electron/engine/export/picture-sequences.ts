import { join } from 'node:path'
import sharp, { type Region } from 'sharp'
import type { RunLengthMask } from '../../contract/mask.ts'
import { labelPictureOf } from '../masks/label-picture.ts'
import { encodeIndexedPng, encodeMaskPng } from '../masks/png-writer.ts'
import { emptyRunLength } from '../masks/run-length-mask.ts'
import { runLengthBox } from '../masks/run-length-measures.ts'
import { vocPalette } from '../masks/voc-palette.ts'
import { ExportTooManyObjects } from './export-errors.ts'
import { objectFolderNames } from './file-names.ts'
import type { ExportObject } from './frame-sink.ts'
import { unionOf } from './painters.ts'
import type { PictureSequence } from './picture-sink.ts'

/** One folder an object, named after it, with its masks in black and white (0 and 255, grey of 8 bits). */
export function maskSequences(folder: string, objects: readonly ExportObject[]): PictureSequence[] {
  const names = objectFolderNames(objects)
  return objects.map(({ objectId }, index) => ({
    folder: join(folder, names[index]!),
    encode({ heightPx, widthPx }, { masks }) {
      const found = masks.find((mask) => mask.objectId === objectId)
      return encodeMaskPng(found?.mask ?? emptyRunLength(heightPx, widthPx))
    },
  }))
}

/**
 * One indexed PNG a frame with DAVIS's palette: pixel value 1 is the first of `objects`, 2 the second and so on. Where
 * masks overlap the later object wins, as it is drawn on top in the annotated film.
 * @throws ExportTooManyObjects for more than 255 objects
 */
export function paletteSequence(folder: string, objects: readonly ExportObject[]): PictureSequence {
  if (objects.length > 255) throw new ExportTooManyObjects(objects.length, 255)
  const palette = vocPalette()
  return {
    folder,
    encode({ heightPx, widthPx }, { masks }) {
      const labelled = objects.flatMap(({ objectId }, index) => {
        const found = masks.find((mask) => mask.objectId === objectId)
        return found === undefined ? [] : [{ label: index + 1, mask: found.mask }]
      })
      return encodeIndexedPng(labelPictureOf(labelled, heightPx, widthPx), palette)
    },
  }
}

/**
 * One folder an object with the object cut out: opaque inside its mask, nothing at all outside.
 * @param crop keeps only the box around the object; where it is absent, a single empty pixel
 */
export function cutoutSequences(
  folder: string,
  objects: readonly ExportObject[],
  crop: boolean,
): PictureSequence[] {
  const names = objectFolderNames(objects)
  return objects.map(({ objectId }, index) => ({
    folder: join(folder, names[index]!),
    encode({ rgb, heightPx, widthPx }, masks) {
      const found = masks.masks.find((one) => one.objectId === objectId)
      const mask = unionOf(masks, [objectId], heightPx * widthPx)
      const rgba = Buffer.alloc(mask.length * 4)
      for (let place = 0; place < mask.length; place++) {
        if (mask[place] === 0) continue
        rgba[place * 4] = rgb[place * 3]!
        rgba[place * 4 + 1] = rgb[place * 3 + 1]!
        rgba[place * 4 + 2] = rgb[place * 3 + 2]!
        rgba[place * 4 + 3] = 255
      }
      const picture = sharp(rgba, { raw: { width: widthPx, height: heightPx, channels: 4 } })
      if (crop) picture.extract(cropOf(found?.mask))
      return picture.png({ compressionLevel: 4 }).toBuffer()
    },
  }))
}

function cropOf(mask: RunLengthMask | undefined): Region {
  const box = mask === undefined ? null : runLengthBox(mask)
  if (box === null) return { left: 0, top: 0, width: 1, height: 1 }
  return { left: box.leftPx, top: box.topPx, width: box.widthPx, height: box.heightPx }
}
