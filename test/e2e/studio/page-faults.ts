import type { Page } from '@playwright/test'

/** What goes wrong in a page without anybody looking: a test fails for each that it does not expect. */
export interface PageFaults {
  watch(page: Page): Promise<void>
  /** From now on lines like this are part of what is tested. */
  expect(line: RegExp): void
  readonly unexpected: readonly string[]
}

/** Collects console errors, errors that nobody caught, and what the content policy refused. */
export function collectPageFaults(): PageFaults {
  const seen: string[] = []
  const expected: RegExp[] = []
  return {
    watch: async (page) => {
      page.on('console', (message) => {
        if (message.type() === 'error') seen.push(`${message.text()} (${message.location().url})`)
      })
      page.on('pageerror', (error) => seen.push(error.stack ?? error.message))
      await page.addInitScript(`addEventListener('securitypolicyviolation', (event) => {
        console.error('The content policy refused ' + event.violatedDirective + ' ' + event.blockedURI)
      })`)
    },
    expect: (line) => {
      expected.push(line)
    },
    get unexpected() {
      return seen.filter((line) => !expected.some((pattern) => pattern.test(line)))
    },
  }
}
