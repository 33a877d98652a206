/** Bytes of a name; file systems allow 255, the rest is for endings and temporary marks. */
const longestBytes = 120

/** Names that Windows gives to devices, with any ending. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

/**
 * A name a person typed as a name of one file or folder, valid on every system: no path climbing, no device names,
 * no characters that Windows refuses, no leading dot, not too long.
 * @param fallback used where nothing is left of the name
 */
export function safeFileName(name: string, fallback: string): string {
  const cleaned = name
    .normalize('NFC')
    // eslint-disable-next-line no-control-regex -- they are what is to go
    .replace(/[\u0000-\u001f\u007f-\u009f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '_')
    // Half of a surrogate pair has no place in UTF-8.
    .replace(/\p{Surrogate}/gu, '_')
    .trim()
    .replace(/[. ]+$/u, '')
    .replace(/^\.+/u, '_')
  const cut = cutToBytes(cleaned, longestBytes).replace(/[. ]+$/u, '')
  if (cut === '') return fallback
  return deviceName.test(cut) ? `_${cut}` : cut
}

/**
 * One folder name for each object, in their order. Names that some file system takes for the same (letter case,
 * accents written two ways) get ` 2`, ` 3` and so on.
 */
export function objectFolderNames(
  objects: readonly { readonly objectId: number; readonly name: string }[],
): string[] {
  const taken = new Set<string>()
  return objects.map(({ objectId, name }) => {
    const base = safeFileName(name, `object-${objectId}`)
    let unique = base
    for (let count = 2; taken.has(sameness(unique)); count++) unique = `${base} ${count}`
    taken.add(sameness(unique))
    return unique
  })
}

function sameness(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFKC')
}

function cutToBytes(text: string, bytes: number): string {
  let length = 0
  let kept = ''
  for (const character of text) {
    length += Buffer.byteLength(character)
    if (length > bytes) break
    kept += character
  }
  return kept
}
