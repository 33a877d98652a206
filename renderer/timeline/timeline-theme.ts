/** The colours that the timeline's canvases draw with: the tokens of the theme in use. */
export interface TimelineTheme {
  readonly panel: string
  readonly raised: string
  readonly line: string
  readonly lineStrong: string
  readonly text: string
  readonly text2: string
  readonly text3: string
  readonly accent: string
  readonly accentTint: string
  readonly good: string
  readonly warn: string
  readonly font: string
  /** How strongly an object's colour fills its bars; on a light ground it takes more. */
  readonly barOpacity: number
}

/** Reads the tokens as they stand now. */
export function readTimelineTheme(element: Element): TimelineTheme {
  const style = getComputedStyle(element)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  return {
    panel: token('--panel'),
    raised: token('--raised'),
    line: token('--line'),
    lineStrong: token('--line-strong'),
    text: token('--text'),
    text2: token('--text-2'),
    text3: token('--text-3'),
    accent: token('--accent'),
    accentTint: token('--accent-tint'),
    good: token('--good'),
    warn: token('--warn'),
    font: token('--font'),
    barOpacity: style.colorScheme.includes('light') ? 0.85 : 0.56,
  }
}
