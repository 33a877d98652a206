/** An address of this page's host: frames lie beside the page, wherever it is served. */
export function addressBesidePage(path: string): string {
  return new URL(path, document.baseURI).href
}

/**
 * Loads and decodes a picture off the main thread, its colours untouched.
 * @throws when it cannot be had, or the signal's reason
 */
export async function loadPicture(address: string, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(address, { signal })
  if (!response.ok) throw new Error(`the frame was answered with ${response.status}`)
  const blob = await response.blob()
  return createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' })
}
