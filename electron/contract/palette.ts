/**
 * The colours of objects, the same on the stage, in the timeline and in exported films. Neighbours differ in hue,
 * all are light enough to be read on the dark interface and strong enough to be seen over a picture.
 */
export const TRACK_COLOURS = [
  '#4cc2ff',
  '#ff8a4c',
  '#b4e64c',
  '#c084fc',
  '#ff6fae',
  '#2dd4bf',
  '#ffd84d',
  '#ff5d5d',
  '#7c8cff',
  '#4ade80',
  '#e0a872',
  '#e879f9',
  '#67e8f9',
  '#c8b400',
  '#ffb3a7',
  '#a5b4d0',
] as const

/**
 * The colour of the n-th object, from 0, as `#rrggbb`. After the fixed colours come others, each a golden angle
 * further round the colour wheel, so that any number of objects stays apart as well as can be.
 */
export function trackColour(index: number): string {
  const fixed = TRACK_COLOURS[index]
  if (fixed !== undefined) return fixed
  const hueDegrees = ((index - TRACK_COLOURS.length) * 137.508 + 20) % 360
  return hexOfHsl(hueDegrees, 0.8, index % 2 === 0 ? 0.66 : 0.56)
}

/** The channels of a `#rrggbb` colour, 0 to 255 each. */
export function channelsOf(colour: string): [red: number, green: number, blue: number] {
  const value = Number.parseInt(colour.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

function hexOfHsl(hueDegrees: number, saturation: number, lightness: number): string {
  const chroma = saturation * Math.min(lightness, 1 - lightness)
  const channel = (offset: number): string => {
    const k = (offset + hueDegrees / 30) % 12
    const value = lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1))
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(0)}${channel(8)}${channel(4)}`
}
