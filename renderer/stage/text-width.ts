const widths = new Map<string, number>()
let context: CanvasRenderingContext2D | null = null

/** Width of a line of small text in CSS pixels, measured once. */
export function textWidth(text: string): number {
  const known = widths.get(text)
  if (known !== undefined) return known
  context ??= document.createElement('canvas').getContext('2d')
  if (context === null) return text.length * 7
  context.font = '500 12px Inter'
  const width = Math.ceil(context.measureText(text).width)
  // Before the font is there another one would be measured for good.
  if (document.fonts.check(context.font)) widths.set(text, width)
  return width
}
