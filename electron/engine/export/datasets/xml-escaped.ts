const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
}

/** Text for an attribute or an element of XML. */
export function xmlEscaped(text: string): string {
  return text.replace(/[&<>"\n\t\r]/g, (character) => entities[character]!)
}
