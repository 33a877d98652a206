/** A line of a CSV file (RFC 4180); null is an empty field. */
export function csvLine(fields: readonly (string | number | null)[]): string {
  return `${fields.map(csvField).join(',')}\n`
}

function csvField(field: string | number | null): string {
  if (field === null) return ''
  const text = String(field)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
