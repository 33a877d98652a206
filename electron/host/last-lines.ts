const KEPT_LINES = 20
const KEPT_LINE_LENGTH = 500

export interface LastLines {
  add(text: string): void
  /** The last whole lines and what came after them, oldest first. */
  lines(): readonly string[]
}

/** Keeps the last lines of a stream of text, such as what a process says before it dies. */
export function createLastLines(): LastLines {
  let kept: string[] = []
  let rest = ''
  return {
    add: (text) => {
      const pieces = (rest + text).split(/[\r\n]+/)
      rest = (pieces.pop() ?? '').slice(-KEPT_LINE_LENGTH)
      const whole = pieces.filter((line) => line.trim() !== '').map((line) => line.slice(0, KEPT_LINE_LENGTH))
      kept = [...kept, ...whole].slice(-KEPT_LINES)
    },
    lines: () => (rest.trim() === '' ? kept : [...kept, rest]),
  }
}
