import { z } from 'zod'
import type { Log, SettingsStore } from '../contract/engine-surroundings.ts'
import { UserFacingError } from '../contract/errors.ts'
import { DEFAULT_SETTINGS, settingsSchema, type Settings, type SettingsPatch } from '../contract/settings.ts'
import { keepCopy, readJsonFile, writeJsonFile, type JsonFileContent } from './json-file.ts'

/** The settings could not be written; they are as before. */
export class SettingsNotSaved extends UserFacingError {
  constructor(sentence: string, cause?: unknown) {
    super('SettingsNotSaved', sentence, { cause })
  }
}

const placeSchema = z.string().min(1).max(32_768).nullable()

const storedSchema = z.strictObject({
  ...settingsSchema.shape,
  places: z.strictObject({ modelsFolder: placeSchema, ffmpegProgram: placeSchema }),
})
type Stored = z.infer<typeof storedSchema>

const DEFAULTS: Stored = { ...DEFAULT_SETTINGS, places: { modelsFolder: null, ffmpegProgram: null } }

/**
 * The settings in one JSON file. A missing file means the defaults. Of a damaged one every valid field is taken and a
 * copy is kept. A file of a newer version, one that cannot be read and a damaged one that cannot be copied are never
 * overwritten: changes are refused.
 */
export async function openSettingsFile(path: string, log: Log): Promise<SettingsStore> {
  const { stored, notices, refusal } = await read(path, log)
  let current = stored
  let writing: Promise<void> = Promise.resolve()

  /** One write after the other, each on top of what the one before left. */
  function change(next: (now: Stored) => Stored): Promise<Stored> {
    const written = writing.then(async () => {
      if (refusal !== null) throw new SettingsNotSaved(refusal)
      const wanted = storedSchema.parse(next(current))
      await writeJsonFile(path, wanted).catch((error: unknown) => {
        throw new SettingsNotSaved(
          'The settings could not be written to disk, so nothing was changed.',
          error,
        )
      })
      current = wanted
      return current
    })
    writing = written.then(
      () => {},
      () => {},
    )
    return written
  }

  return {
    get settings() {
      return withoutPlaces(current)
    },
    get places() {
      return current.places
    },
    notices,
    patch: async (patch) => withoutPlaces(await change((now) => ({ ...now, ...given(patch) }))),
    setPlace: async (place, value) =>
      (await change((now) => ({ ...now, places: { ...now.places, [place]: value } }))).places,
    settled: () => writing,
  }
}

interface Found {
  readonly stored: Stored
  readonly notices: string[]
  /** Why the file is not to be overwritten, as a sentence. */
  readonly refusal: string | null
}

async function read(path: string, log: Log): Promise<Found> {
  let content: JsonFileContent
  try {
    content = await readJsonFile(path)
  } catch (error) {
    log('warning', 'settings', 'The settings file cannot be read.', error)
    return {
      stored: DEFAULTS,
      notices: ['The settings file cannot be read; the defaults are used and the file stays as it is.'],
      refusal:
        'The settings file cannot be read and is left as it is. See to it that it is a file of yours, then start Maskwright again.',
    }
  }
  if (content.state === 'missing') return { stored: DEFAULTS, notices: [], refusal: null }
  const value = content.state === 'read' ? content.value : null
  const whole = storedSchema.safeParse(value)
  if (whole.success) return { stored: whole.data, notices: [], refusal: null }

  if (isRecord(value) && typeof value['version'] === 'number' && value['version'] > DEFAULTS.version) {
    log('warning', 'settings', 'The settings file is of a newer version.')
    const notice =
      'The settings were written by a newer Maskwright; the defaults are used and the file stays as it is.'
    return {
      stored: DEFAULTS,
      notices: [notice],
      refusal:
        'The settings were written by a newer Maskwright and are left as they are. Update to change them.',
    }
  }
  log('warning', 'settings', 'The settings file is damaged.', whole.error.issues)
  const lost = 'Some settings could not be read and are back at their defaults'
  try {
    await keepCopy(path)
  } catch (error) {
    log('warning', 'settings', 'No copy of the damaged settings file could be made.', error)
    return {
      stored: salvage(value),
      notices: [`${lost}; no copy of the file could be made, so it stays as it is.`],
      refusal:
        'The settings file is damaged and no copy of it could be made, so it is left as it is. Make room on the disk, then start Maskwright again.',
    }
  }
  return {
    stored: salvage(value),
    notices: [`${lost}; a copy of the file was kept.`],
    refusal: null,
  }
}

/** Takes each field that is valid by itself. */
function salvage(value: unknown): Stored {
  if (!isRecord(value)) return DEFAULTS
  const fields = storedSchema.shape
  const valid = Object.entries(fields).flatMap(([name, schema]) => {
    const field = (schema as z.ZodType).safeParse(value[name])
    return field.success ? [[name, field.data] as const] : []
  })
  return storedSchema.parse({ ...DEFAULTS, ...Object.fromEntries(valid) })
}

function withoutPlaces({ places: _, ...settings }: Stored): Settings {
  return settings
}

/** Without the fields that a caller left undefined. */
function given(patch: SettingsPatch): Partial<Settings> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
