import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import opentype, { type Font } from 'opentype.js'

/** Text as outlines. The pen starts at x = 0 on the base line y = 0; y grows downwards. */
export interface TextOutline {
  /** The `d` of an SVG path. */
  readonly pathData: string
  readonly widthPx: number
}

/** Parts of the font by script, looked through in this order. */
const scripts = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext', 'vietnamese']

let loading: Promise<readonly Font[]> | undefined

/**
 * Outlines of a text in Inter, which is part of the program, so that labels look alike on machines with and without
 * fonts. Null when the font lacks a character (Chinese, emoji): then the system's fonts have to do it.
 */
export async function outlineText(text: string, fontSizePx: number): Promise<TextOutline | null> {
  loading ??= loadFonts()
  const fonts = await loading
  let x = 0
  let pathData = ''
  // Glyph by glyph: the library's own text layout refuses this font's substitution tables.
  for (const character of text.normalize('NFC')) {
    const font = fonts.find((candidate) => candidate.charToGlyphIndex(character) > 0)
    if (font === undefined) return null
    const glyph = font.charToGlyph(character)
    pathData += glyph.getPath(x, 0, fontSizePx).toPathData(2)
    x += ((glyph.advanceWidth ?? 0) * fontSizePx) / font.unitsPerEm
  }
  return { pathData, widthPx: x }
}

async function loadFonts(): Promise<readonly Font[]> {
  const require = createRequire(import.meta.url)
  return Promise.all(
    scripts.map(async (script) => {
      const file = await readFile(require.resolve(`@fontsource/inter/files/inter-${script}-500-normal.woff`))
      return opentype.parse(new Uint8Array(file).buffer)
    }),
  )
}
