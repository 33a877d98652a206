import { z } from 'zod'
import { modelIdSchema } from './model-catalogue.ts'
import { byteCountSchema, colourSchema, textSchema, unitIntervalSchema } from './scalars.ts'

/** A key chord as the action table writes it: `$mod+Shift+KeyZ`. */
const keyChordSchema = z.string().regex(/^[A-Za-z0-9$+[\] ]{1,64}$/)

export const settingsSchema = z.strictObject({
  version: z.literal(1),
  theme: z.enum(['system', 'dark', 'light']),
  language: z.enum(['en']),
  modelId: modelIdSchema,
  /** `auto` takes the fastest that works. */
  device: z.string().regex(/^(auto|[a-z]+:[0-9]{1,3})$/),
  inputSizePx: z.int().min(256).max(2_048).multipleOf(32),
  precision: z.enum(['auto', 'fp32', 'fp16']),
  /** `reference` keeps the official rules bit for bit. */
  trackingMode: z.enum(['default', 'reference']),
  memorySelection: z.enum(['sam2', 'selective']),
  /** Each pixel belongs to one object at most. */
  exclusiveObjects: z.boolean(),
  followZoom: z.enum(['auto', 'off']),
  detectShots: z.boolean(),
  /** Frames above this are suspect. */
  suspicionThreshold: unitIntervalSchema,
  frameCacheBytes: byteCountSchema.min(64 * 1_048_576),
  memoryBudgetBytes: byteCountSchema.min(512 * 1_048_576),
  /** Superseded masks kept per project. */
  retainedMaskBytes: byteCountSchema,
  historySteps: z.int().min(10).max(10_000),
  /** Colours given to new objects in turn. */
  objectColours: z.array(colourSchema).min(1).max(64),
  fillOpacity: unitIntervalSchema,
  /** Action name to chord; actions that are not named keep their own. */
  shortcuts: z.record(z.string().regex(/^[A-Za-z.]{1,64}$/), keyChordSchema.nullable()),
  showHints: z.boolean(),
  hintsSeen: z.array(z.string().regex(/^[A-Za-z.]{1,64}$/)).max(200),
})
export type Settings = z.infer<typeof settingsSchema>

/** What the settings page shows of folders and programs; they are changed by a file token, never by text. */
export const settingsPlacesSchema = z.strictObject({
  modelsFolder: textSchema,
  ffmpegProgram: textSchema.nullable(),
})
export type SettingsPlaces = z.infer<typeof settingsPlacesSchema>

export const settingsPatchSchema = settingsSchema.omit({ version: true }).partial()
export type SettingsPatch = z.infer<typeof settingsPatchSchema>

export const DEFAULT_SETTINGS: Settings = {
  version: 1,
  theme: 'system',
  language: 'en',
  modelId: 'nano',
  device: 'auto',
  inputSizePx: 512,
  precision: 'auto',
  trackingMode: 'default',
  memorySelection: 'selective',
  exclusiveObjects: false,
  followZoom: 'auto',
  detectShots: true,
  suspicionThreshold: 0.5,
  frameCacheBytes: 1_073_741_824,
  memoryBudgetBytes: 4 * 1_073_741_824,
  retainedMaskBytes: 2 * 1_073_741_824,
  historySteps: 1_000,
  objectColours: [
    '#4db8ff',
    '#ff8a4d',
    '#b8e64d',
    '#c38aff',
    '#ffd24d',
    '#4de6c3',
    '#ff6b9a',
    '#8aa2ff',
    '#e6704d',
    '#5fd97a',
    '#e64dd2',
    '#4dd2e6',
  ],
  fillOpacity: 0.42,
  shortcuts: {},
  showHints: true,
  hintsSeen: [],
}
