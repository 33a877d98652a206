import { mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { openVideo } from '../video/open-video.ts'
import type { WrittenOutput } from './frame-sink.ts'
import { exportJob, exportProject, type ProjectExportOptions } from './project-export.ts'

/** Longest side of a preview in pixels. */
const longestSidePx = 1_280
const textBytes = 16_000

export interface ExportPreview {
  readonly frameIndex: number
  /** PNG in base64; null for formats without a picture. */
  readonly png: string | null
  /** First lines of a text format. */
  readonly text: string | null
}

/**
 * Exports the first frame of the selection to a folder that is gone afterwards, and shows what came of it.
 * @throws as `exportProject`
 */
export async function previewExport(
  options: Pick<
    ProjectExportOptions,
    'store' | 'source' | 'tools' | 'selection' | 'target' | 'inputSizePx' | 'signal'
  >,
): Promise<ExportPreview> {
  const outputFolder = await mkdtemp(join(tmpdir(), 'maskwright-preview-'))
  try {
    const { selection } = await exportJob({ ...options, outputFolder })
    const frameIndex = selection.range.first
    const { outputs } = await exportProject({
      ...options,
      selection: { ...options.selection, first: frameIndex, last: frameIndex, step: 1 },
      ...{ outputFolder, overwrite: false, whenStopped: 'discard' },
    })
    const [first] = outputs
    const shown = first === undefined ? { png: null, text: null } : await show(first, options)
    return { frameIndex, ...shown }
  } finally {
    await rm(outputFolder, { recursive: true, force: true })
  }
}

async function show(
  output: WrittenOutput,
  { tools }: Pick<ProjectExportOptions, 'tools'>,
): Promise<Pick<ExportPreview, 'png' | 'text'>> {
  switch (output.kind) {
    case 'video': {
      const film = await openVideo(output.path, { tools })
      try {
        const { rgb, widthPx, heightPx } = await film.frameAt(0)
        const picture = sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } })
        return { png: await pngOf(picture), text: null }
      } finally {
        await film.close()
      }
    }
    case 'pictures':
      return {
        png: await pngOf(sharp(join(output.folder, `${output.stems[0]!}.${output.extension}`))),
        text: null,
      }
    case 'tracks':
    case 'dataset':
      return showFirstFile(output.path)
  }
}

async function showFirstFile(path: string): Promise<Pick<ExportPreview, 'png' | 'text'>> {
  const names = await readdir(path).catch(() => null)
  const file = names === null ? path : join(path, names.sort()[0]!)
  if (file.endsWith('.png')) return { png: await pngOf(sharp(file)), text: null }
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(textBytes), 0, textBytes, 0)
    return { png: null, text: buffer.toString('utf8', 0, bytesRead) }
  } finally {
    await handle.close()
  }
}

async function pngOf(picture: Sharp): Promise<string> {
  const size = {
    width: longestSidePx,
    height: longestSidePx,
    fit: 'inside',
    withoutEnlargement: true,
  } as const
  return (await picture.resize(size).png().toBuffer()).toString('base64')
}
