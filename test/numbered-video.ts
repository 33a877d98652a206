import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { startChild } from '../electron/engine/processes/child-processes.ts'

/**
 * Videos whose every frame shows its own number as black and white blocks, coarse enough to survive lossy codecs:
 * the upper row holds ten bits, the lower row their complement.
 */
const bitCount = 10

/** A row-major RGB picture, 3 bytes a pixel. */
export interface Picture {
  readonly widthPx: number
  readonly heightPx: number
  readonly rgb: Uint8Array
}

/** Draws a number from 0 to 1023. */
export function drawNumber(frameNumber: number, widthPx: number, heightPx: number): Picture {
  const rgb = new Uint8Array(widthPx * heightPx * 3)
  const rowBytes = widthPx * 3
  const lower = Math.ceil(heightPx / 2)
  for (let x = 0; x < widthPx; x++) {
    const isWhite = ((frameNumber >> Math.floor((x * bitCount) / widthPx)) & 1) === 1
    rgb.fill(isWhite ? 235 : 20, x * 3, x * 3 + 3)
    rgb.fill(isWhite ? 20 : 235, lower * rowBytes + x * 3, lower * rowBytes + x * 3 + 3)
  }
  for (let y = 1; y < heightPx; y++) {
    if (y !== lower)
      rgb.copyWithin(
        y * rowBytes,
        (y < lower ? 0 : lower) * rowBytes,
        ((y < lower ? 0 : lower) + 1) * rowBytes,
      )
  }
  return { widthPx, heightPx, rgb }
}

/** Reads the number of a picture; null when a block is neither dark nor light or the rows do not belong together. */
export function readNumber({ widthPx, heightPx, rgb }: Picture): number | null {
  const read = (row: number): number | null => {
    let value = 0
    for (let bit = 0; bit < bitCount; bit++) {
      const x = Math.floor(((bit + 0.5) * widthPx) / bitCount)
      const y = Math.floor(((row + 0.5) * heightPx) / 2)
      const level = rgb[(y * widthPx + x) * 3 + 1]!
      if (level > 90 && level < 165) return null
      if (level >= 165) value |= 1 << bit
    }
    return value
  }
  const [upper, lower] = [read(0), read(1)]
  return upper !== null && lower !== null && (upper ^ lower) === 2 ** bitCount - 1 ? upper : null
}

/** Turns a picture clockwise by a multiple of 90 degrees. */
export function turnPicture(picture: Picture, degrees: number): Picture {
  let turned = picture
  for (let quarter = 0; quarter < (((degrees / 90) % 4) + 4) % 4; quarter++) turned = turnQuarter(turned)
  return turned
}

function turnQuarter({ widthPx, heightPx, rgb }: Picture): Picture {
  const turned = new Uint8Array(rgb.length)
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const from = (y * widthPx + x) * 3
      turned.set(rgb.subarray(from, from + 3), (x * heightPx + heightPx - 1 - y) * 3)
    }
  }
  return { widthPx: heightPx, heightPx: widthPx, rgb: turned }
}

export interface NumberedVideo {
  readonly path: string
  /** Stored size: before any rotation that metadata asks for. */
  readonly widthPx: number
  readonly heightPx: number
  /** Presentation time of each frame in ticks of 1 / `ticksPerSecond`. */
  readonly ticks: readonly number[]
  readonly ticksPerSecond: number
  /** Encoder and container settings of ffmpeg. */
  readonly outputArgs: readonly string[]
  /** Pictures are stored turned counter-clockwise by this, so that turning them clockwise sets them upright. */
  readonly storedTurnDegrees?: number
}

/** Encodes frames 0, 1, 2, ... with exactly these presentation times. */
export async function writeNumberedVideo(ffmpeg: string, video: NumberedVideo): Promise<void> {
  const { ticks, ticksPerSecond, widthPx, heightPx, storedTurnDegrees = 0 } = video
  // In groups: ffmpeg's expressions may not nest deeper than 100, and every plus sign nests.
  const groups = Array.from({ length: Math.ceil(ticks.length / 40) }, (_, group) => {
    const some = ticks.slice(group * 40, group * 40 + 40)
    return `(${some.map((tick, index) => `eq(N,${group * 40 + index})*${tick}`).join('+')})`
  })
  const child = startChild(
    ffmpeg,
    [
      ...[
        '-v',
        'error',
        '-y',
        '-f',
        'rawvideo',
        '-pix_fmt',
        'rgb24',
        '-s',
        `${widthPx}x${heightPx}`,
        '-i',
        'pipe:0',
      ],
      ...['-vf', `settb=1/${ticksPerSecond},setpts='${groups.join('+')}'`],
      ...['-fps_mode', 'passthrough', '-enc_time_base', `1:${ticksPerSecond}`],
      ...video.outputArgs,
      video.path,
    ],
    { writable: true },
  )
  const isTurned = storedTurnDegrees % 180 !== 0
  const uprightSize: [number, number] = isTurned ? [heightPx, widthPx] : [widthPx, heightPx]
  for (let frame = 0; frame < ticks.length; frame++) {
    const { rgb } = turnPicture(drawNumber(frame, ...uprightSize), -storedTurnDegrees)
    // If the encoder has ended, its own words below say more than the broken pipe.
    if (!child.stdin!.write(rgb))
      await Promise.race([once(child.stdin!, 'drain').catch(() => {}), child.exit])
  }
  child.stdin!.end()
  await child.succeeded()
}

/** Writes one picture per frame, numbered without leading zeros, so that only natural order is right. */
export async function writeNumberedImages(
  folder: string,
  frameCount: number,
  widthPx: number,
  heightPx: number,
  extension: string,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (let frame = 0; frame < frameCount; frame++) {
    const { rgb } = drawNumber(frame, widthPx, heightPx)
    const image = sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    await image.toFile(join(folder, `frame ${frame + 1}.${extension}`))
  }
  await writeFile(join(folder, 'notes.txt'), 'not a picture')
}

/** Sets the display matrix of an MP4 or QuickTime file's first track, as cameras do that were held sideways. */
export function setDisplayRotation(mp4: Buffer, clockwiseDegrees: 0 | 90 | 180 | 270): void {
  const box = mp4.indexOf('tkhd')
  const one = 0x10000
  const matrix = {
    0: [one, 0, 0, one],
    90: [0, one, -one, 0],
    180: [-one, 0, 0, -one],
    270: [0, -one, one, 0],
  }
  const [a, b, c, d] = matrix[clockwiseDegrees] as [number, number, number, number]
  const isLong = mp4[box + 4] === 1
  const at = box + 8 + (isLong ? 32 : 20) + 16
  for (const [index, value] of [a, b, 0, c, d, 0, 0, 0, 0x40000000].entries())
    mp4.writeInt32BE(value, at + index * 4)
}
