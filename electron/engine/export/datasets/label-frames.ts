import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { labelPictureOf, labelsIn } from '../../masks/label-picture.ts'
import { decodePngLabels } from '../../masks/png-reader.ts'
import { encodeIndexedPng } from '../../masks/png-writer.ts'
import { vocPalette } from '../../masks/voc-palette.ts'
import type { DecodedFrame } from '../../video/video-source.ts'
import { ExportTooManyObjects } from '../export-errors.ts'
import { isFrameFileName } from '../frame-naming.ts'
import type { DatasetCount } from '../frame-sink.ts'
import type { DatasetFrame, DatasetJob } from './dataset-format.ts'
import type { OutputFolder } from './output-files.ts'

const palette = vocPalette()

/** @throws ExportTooManyObjects where pictures of 8 bits cannot tell the objects apart */
export function requireLabels({ objects }: DatasetJob): void {
  if (objects.length > 255) throw new ExportTooManyObjects(objects.length, 255)
}

/**
 * Writes a frame as an indexed PNG with DAVIS's palette: pixel value 1 is the first object, 2 the second and so on;
 * where masks overlap the later object wins.
 * @returns the labels that can be seen in it, ascending
 */
export async function writeLabels(folder: OutputFolder, frame: DatasetFrame): Promise<number[]> {
  const { heightPx, widthPx } = frame.picture
  const labelled = frame.masks.map(({ objectIndex, mask }) => ({ label: objectIndex + 1, mask }))
  const picture = labelPictureOf(labelled, heightPx, widthPx)
  await folder.write(`${frame.number}.png`, await encodeIndexedPng(picture, palette))
  return labelsIn(picture)
}

/** Counts the label pictures of a folder and the labels in them. */
export async function recountLabels(folder: string): Promise<DatasetCount> {
  const names = (await readdir(folder)).filter((name) => isFrameFileName(name, 'png'))
  let masks = 0
  for (const name of names) masks += labelsIn(decodePngLabels(await readFile(join(folder, name)))).length
  return { frames: names.length, masks }
}

/** The frame itself as a JPEG, fine enough to train on. */
export async function writeJpeg(folder: OutputFolder, number: string, picture: DecodedFrame): Promise<void> {
  const { rgb, widthPx: width, heightPx: height } = picture
  const raw = { width, height, channels: 3 } as const
  const jpeg = await sharp(rgb, { raw }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer()
  await folder.write(`${number}.jpg`, jpeg)
}
