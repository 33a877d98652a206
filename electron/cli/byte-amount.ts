/** Bytes as 18.3 MB or 1.2 GB, in powers of ten as file managers and the models' cards have them. */
export function byteAmount(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
