/**
 * How well what was typed fits a title, 0 for not at all: every typed word must begin a word of the title, or at least
 * be part of it.
 */
export function matchScore(typed: string, title: string): number {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return 1
  const inTitle = title.toLowerCase()
  const starts = inTitle.split(/[^\p{L}\p{N}]+/u)
  let score = 0
  for (const word of words) {
    if (starts.some((start) => start.startsWith(word))) score += 3
    else if (inTitle.includes(word)) score += 1
    else return 0
  }
  // Among equals the shorter title is closer to what was typed.
  return score + 1 / (1 + inTitle.length)
}
