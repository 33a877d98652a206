const PERIOD_PX = 12
const STRIPE_PX = 6.5

const patterns = new Map<string, CanvasPattern>()

/** Slanted stripes of a colour, for what is out of date; null where the canvas cannot make them. */
export function stripes(
  context: CanvasRenderingContext2D,
  colour: string,
  pixelRatio: number,
): CanvasPattern | null {
  const key = `${colour} ${pixelRatio}`
  const known = patterns.get(key)
  if (known !== undefined) return known
  const side = Math.round(PERIOD_PX * pixelRatio)
  const tile = document.createElement('canvas')
  tile.width = side
  tile.height = side
  const ink = tile.getContext('2d')
  if (ink === null) return null
  const factor = side / PERIOD_PX
  ink.scale(factor, factor)
  ink.fillStyle = colour
  // The same stripe three times, so that the tile meets itself on every side.
  for (const shift of [-PERIOD_PX, 0, PERIOD_PX]) {
    ink.beginPath()
    ink.moveTo(shift + PERIOD_PX, 0)
    ink.lineTo(shift + PERIOD_PX + STRIPE_PX, 0)
    ink.lineTo(shift + STRIPE_PX, PERIOD_PX)
    ink.lineTo(shift, PERIOD_PX)
    ink.fill()
  }
  const pattern = context.createPattern(tile, 'repeat')
  pattern?.setTransform(new DOMMatrix().scale(1 / factor))
  if (pattern !== null) patterns.set(key, pattern)
  return pattern
}
