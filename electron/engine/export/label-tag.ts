import sharp from 'sharp'
import { outlineText } from './label-font.ts'

/** A name tag: straight (not premultiplied) RGBA, 8 bits a channel, row-major. */
export interface LabelTag {
  readonly widthPx: number
  readonly heightPx: number
  readonly rgba: Uint8Array
}

export interface LabelTagOptions {
  readonly name: string
  /** `#rrggbb` of the swatch. */
  readonly colour: string
  readonly fontSizePx: number
  /** Longer names end in `…`. */
  readonly longestPx: number
  /** Width of a pixel over its height: the tag is drawn narrower by it, so that it looks right when shown. */
  readonly pixelAspectRatio: number
}

const background = '#0c0f12'
const backgroundOpacity = 0.82
const textColour = '#f2f5f7'

/** Draws a dark rounded tag with a swatch of the object's colour and its name. */
export async function drawLabelTag(options: LabelTagOptions): Promise<LabelTag> {
  const em = options.fontSizePx
  const heightPx = Math.max(3, Math.round(em * 1.75))
  const swatch = em * 0.55
  const textLeft = em * 0.6 + swatch + em * 0.45
  const rightPadding = em * 0.65
  const room = Math.max(em, options.longestPx / options.pixelAspectRatio - textLeft - rightPadding)
  const text = await textPicture(options.name, em, room)
  const squareWidth = textLeft + text.widthPx + rightPadding
  const widthPx = Math.max(3, Math.round(squareWidth / options.pixelAspectRatio))
  const baseline = heightPx / 2 + em * 0.36
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" ` +
    `viewBox="0 0 ${squareWidth} ${heightPx}" preserveAspectRatio="none">` +
    `<rect width="${squareWidth}" height="${heightPx}" rx="${em * 0.5}" fill="${background}" fill-opacity="${backgroundOpacity}"/>` +
    `<rect x="${em * 0.6}" y="${(heightPx - swatch) / 2}" width="${swatch}" height="${swatch}" rx="${em * 0.14}" fill="${options.colour}"/>` +
    `<g transform="translate(${textLeft} ${baseline})" fill="${textColour}">${text.svg}</g></svg>`
  const { data, info } = await sharp(Buffer.from(svg))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { widthPx: info.width, heightPx: info.height, rgba: new Uint8Array(data) }
}

/** The name as SVG with its base line at y = 0, cut to fit. */
async function textPicture(
  name: string,
  fontSizePx: number,
  room: number,
): Promise<{ svg: string; widthPx: number }> {
  const characters = [...name]
  for (let kept = characters.length; kept > 0; kept--) {
    const text = kept === characters.length ? name : `${characters.slice(0, kept).join('').trimEnd()}…`
    const outline = await outlineText(text, fontSizePx)
    if (outline === null) return systemText(name, fontSizePx, room)
    if (outline.widthPx <= room || kept === 1)
      return { svg: `<path d="${outline.pathData}"/>`, widthPx: outline.widthPx }
  }
  return { svg: '', widthPx: 0 }
}

/** For scripts that the program's font lacks: drawn with the system's fonts and put in as a picture. */
async function systemText(
  name: string,
  fontSizePx: number,
  room: number,
): Promise<{ svg: string; widthPx: number }> {
  const markup = name.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
  const { data, info } = await sharp({
    text: {
      text: `<span foreground="${textColour}">${markup}</span>`,
      font: `sans ${fontSizePx}`,
      dpi: 72,
      rgba: true,
      wrap: 'none',
    },
  })
    .png()
    .toBuffer({ resolveWithObject: true })
  const scale = Math.min(1, room / info.width, (fontSizePx * 1.5) / info.height)
  const widthPx = info.width * scale
  const heightPx = info.height * scale
  // Centred on the middle of small letters, as the outlined text is.
  const top = -0.36 * fontSizePx - heightPx / 2
  const svg = `<image x="0" y="${top}" width="${widthPx}" height="${heightPx}" href="data:image/png;base64,${data.toString('base64')}"/>`
  return { svg, widthPx }
}
