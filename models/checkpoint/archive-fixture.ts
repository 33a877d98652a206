import { StoredZipWriter } from './zip-writer.ts'

/** For tests: an archive as `torch.save` writes it, of a pickle and the storages that it refers to. */
export async function torchArchive(
  pickle: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>>,
  others: Readonly<Record<string, Uint8Array>> = { byteorder: Buffer.from('little') },
): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  const zip = new StoredZipWriter(async (bytes) => {
    pieces.push(bytes)
  })
  await zip.add('archive/data.pkl', pickle)
  for (const [key, bytes] of Object.entries(storages)) await zip.add(`archive/data/${key}`, bytes)
  for (const [name, bytes] of Object.entries(others)) await zip.add(`archive/${name}`, bytes)
  await zip.finish()
  return Buffer.concat(pieces)
}

/**
 * What Python's own pickle module (protocol 2) made of a trainer's checkpoint: under `model` weight (2 x 3), bias (the
 * second row of weight, a Parameter), scale (one half-precision number, the third of storage 1) and empty (no number at
 * all), with `_metadata` as PyTorch has it; beside it an optimizer's state with numbers of every kind, a torch.Size and
 * a torch.device. Storage 0 has 6 float32 numbers, storage 1 has 4 of half precision.
 */
export const trainerPickle = Buffer.from(
  'gAJ9cQAoWAUAAABtb2RlbHEBY2NvbGxlY3Rpb25zCk9yZGVyZWREaWN0CnECKVJxAyhYBgAAAHdlaWdodHEEY3RvcmNoLl91' +
    'dGlscwpfcmVidWlsZF90ZW5zb3JfdjIKcQUoKFgHAAAAc3RvcmFnZXEGY3RvcmNoCkZsb2F0U3RvcmFnZQpxB1gBAAAAMHEI' +
    'WAYAAABjdWRhOjBxCUsGdHEKUUsASwJLA4ZxC0sDSwGGcQyJaAIpUnENdHEOUnEPWAQAAABiaWFzcRBjdG9yY2guX3V0aWxz' +
    'Cl9yZWJ1aWxkX3BhcmFtZXRlcgpxEWgFKChoBmgHaAhoCUsGdHESUUsDSwOFcRNLAYVxFIloAilScRV0cRZScReIaAIpUnEY' +
    'h3EZUnEaWAUAAABzY2FsZXEbaAUoKGgGY3RvcmNoCkhhbGZTdG9yYWdlCnEcWAEAAAAxcR1oCUsEdHEeUUsCKSmJaAIpUnEf' +
    'dHEgUnEhWAUAAABlbXB0eXEiaAUoKGgGaBxoHWgJSwR0cSNRSwBLAIVxJGgUiWgCKVJxJXRxJlJxJ3V9cShYCQAAAF9tZXRh' +
    'ZGF0YXEpaAIpUnEqWAAAAABxK31xLFgHAAAAdmVyc2lvbnEtSwFzc3NiWAkAAABvcHRpbWl6ZXJxLn1xLyhYBQAAAHN0YXRl' +
    'cTB9cTFLAH1xMihYBAAAAHN0ZXBxM4oJ0gof64ypVKsAWAcAAABleHBfYXZncTRoBSgoaAZoB2gIaAlLBnRxNVFLAGgLaAyJ' +
    'aAIpUnE2dHE3UnE4dXNYDAAAAHBhcmFtX2dyb3Vwc3E5XXE6fXE7KFgCAAAAbHJxPEc+1Pi1iONo8VgFAAAAYmV0YXNxPUc/' +
    '7MzMzMzMzUc/7/fO2RaHK4ZxPlgGAAAAcGFyYW1zcT9dcUAoSwBLAUpwEQEASv////9lWAcAAABmb3JlYWNocUFOWAgAAABt' +
    'YXhpbWl6ZXFCiVgFAAAAZnVzZWRxQ4h1YXVYBQAAAGVwb2NocURLKFgEAAAAbG9zc3FFaAIpUnFGWAQAAABzaXplcUdjdG9y' +
    'Y2gKU2l6ZQpxSEsCSwOGcUmFcUpScUtYBgAAAGRldmljZXFMY3RvcmNoCmRldmljZQpxTVgDAAAAY3B1cU6FcU9ScVBYBAAA' +
    'AHRpbWVxUUe/+AAAAAAAAHUu',
  'base64',
)

/** The same in protocol 4, with a byte string more. */
export const trainerPickleProtocol4 = Buffer.from(
  'gASVyAIAAAAAAAB9lCiMBW1vZGVslIwLY29sbGVjdGlvbnOUjAtPcmRlcmVkRGljdJSTlClSlCiMBndlaWdodJSMDHRvcmNo' +
    'Ll91dGlsc5SMEl9yZWJ1aWxkX3RlbnNvcl92MpSTlCgojAdzdG9yYWdllIwFdG9yY2iUjAxGbG9hdFN0b3JhZ2WUk5SMATCU' +
    'jAZjdWRhOjCUSwZ0lFFLAEsCSwOGlEsDSwGGlIloBClSlHSUUpSMBGJpYXOUaAeMEl9yZWJ1aWxkX3BhcmFtZXRlcpSTlGgJ' +
    'KChoCmgNaA5oD0sGdJRRSwNLA4WUSwGFlIloBClSlHSUUpSIaAQpUpSHlFKUjAVzY2FsZZRoCSgoaApoC4wLSGFsZlN0b3Jh' +
    'Z2WUk5SMATGUaA9LBHSUUUsCKSmJaAQpUpR0lFKUjAVlbXB0eZRoCSgoaApoJGglaA9LBHSUUUsASwCFlGgbiWgEKVKUdJRS' +
    'lHV9lIwJX21ldGFkYXRhlGgEKVKUjACUfZSMB3ZlcnNpb26USwFzc3NijAlvcHRpbWl6ZXKUfZQojAVzdGF0ZZR9lEsAfZQo' +
    'jARzdGVwlIoJ0gof64ypVKsAjAdleHBfYXZnlGgJKChoCmgNaA5oD0sGdJRRSwBoEWgSiWgEKVKUdJRSlHVzjAxwYXJhbV9n' +
    'cm91cHOUXZR9lCiMAmxylEc+1Pi1iONo8YwFYmV0YXOURz/szMzMzMzNRz/v987ZFocrhpSMBnBhcmFtc5RdlChLAEsBSnAR' +
    'AQBK/////2WMB2ZvcmVhY2iUTowIbWF4aW1pemWUiYwFZnVzZWSUiHVhdYwFZXBvY2iUSyiMBGxvc3OUaAQpUpSMBHNpemWU' +
    'aAuMBFNpemWUk5RLAksDhpSFlFKUjAZkZXZpY2WUaAtoVZOUjANjcHWUhZRSlIwDcmF3lEMCAAGUjAR0aW1llEe/+AAAAAAA' +
    'AHUu',
  'base64',
)

/** `os.system('echo owned')` in the place of a tensor, by Python's own pickle module. */
export const systemPickle = Buffer.from(
  'gAJ9cQBYBQAAAG1vZGVscQFjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcQIpUnEDWAYAAAB3ZWlnaHRxBGNwb3NpeApzeXN0' +
    'ZW0KcQVYCgAAAGVjaG8gb3duZWRxBoVxB1JxCHNzLg==',
  'base64',
)
