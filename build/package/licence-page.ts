import type { PackedLibrary } from './packed-libraries.ts'

/** Something in the package that is no library: a model, a film, a program. */
export interface OtherPart {
  readonly name: string
  readonly licence: string
  readonly text: string
}

/**
 * One page with the licence of everything in the package, readable without a network. Its looks stand in attributes, since
 * the browser host's policy allows no style sheet in a page.
 */
export function licencePage(
  ownLicence: string,
  others: readonly OtherPart[],
  libraries: readonly PackedLibrary[],
): string {
  const parts: OtherPart[] = [
    { name: 'Maskwright', licence: 'Apache-2.0', text: ownLicence },
    ...others,
    ...libraries.map(({ name, version, licence, licenceTexts }) => ({
      name: `${name} ${version}`,
      licence,
      text: licenceTexts.join('\n\n'),
    })),
  ]
  const sections = parts.map(
    ({ name, licence, text }) =>
      `<details><summary>${escaped(name)} <small>${escaped(licence)}</small></summary><pre style="white-space: pre-wrap; font-size: 12px">${escaped(text.trim())}</pre></details>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Maskwright: licences</title>
<body style="font: 15px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark">
<h1>What Maskwright is made of</h1>
${sections.join('\n')}
</html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
