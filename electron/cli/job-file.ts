import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { LIMITS } from '../contract/limits.ts'
import { frameIndexSchema, nameSchema, unitIntervalSchema } from '../contract/scalars.ts'
import { DEFAULT_ANNOTATION } from '../engine/export/annotation-painter.ts'
import { exportNames, jobContentSchema, type JobContent } from '../engine/batch/jobs/batch-job.ts'
import type { JobWish } from '../engine/batch/jobs/prepared-job.ts'
import { requirePromptsInRange } from '../engine/batch/jobs/prompt-range.ts'
import { projectWishes } from '../engine/batch/jobs/project-wishes.ts'
import { isModelName } from '../engine/batch/jobs/job-model.ts'
import { DEFAULT_TRACKING } from '../engine/tracking/tracking-options.ts'
import { encodeRunLength } from '../engine/masks/run-length-mask.ts'
import { parseRange } from './argument-values.ts'
import { addPrompt, type ObjectArguments } from './prompt-arguments.ts'
import { readMaskFile } from './read-mask-file.ts'
import { requireReferenceRules } from './reference-mode.ts'
import { UsageError } from './usage-error.ts'

/** One prompt or several, in the words of the command line. */
const promptsSchema = z
  .union([z.string(), z.array(z.string()).max(LIMITS.promptsPerFrame)])
  .transform((value) => (typeof value === 'string' ? [value] : value))
  .default([])

/** What may stand before all jobs and, to change it, in one. The words are those of `maskwright track`. */
const choices = {
  model: z.string().min(1).max(LIMITS.textLength).optional(),
  size: z.int().min(32).max(2_048).optional(),
  mode: z.enum(['default', 'reference']).optional(),
  memory: z.enum(['sam2', 'selective']).optional(),
  'follow-zoom': z.enum(['auto', 'off']).optional(),
  'detect-shots': z.boolean().optional(),
  exclusive: z.boolean().optional(),
  direction: z.enum(['forward', 'reverse', 'both']).optional(),
  opacity: unitIntervalSchema.optional(),
  outputs: z
    .array(z.enum(exportNames))
    .min(1)
    .transform((names) => [...new Set(names)])
    .optional(),
}

const pathSchema = z
  .string()
  .min(1)
  .max(LIMITS.textLength)
  .refine((path) => !path.includes('\0'), 'must be a path')

const videoJobSchema = z.strictObject({
  ...choices,
  video: pathSchema,
  out: pathSchema,
  objects: z.record(
    nameSchema,
    z.strictObject({ point: promptsSchema, box: promptsSchema, mask: promptsSchema }),
  ),
  range: z.string().optional(),
  /** First frames of the shots but the first one's. */
  shots: z.array(frameIndexSchema.min(1)).max(LIMITS.spans).default([]),
})

const projectJobSchema = z.strictObject({ ...choices, project: pathSchema, out: pathSchema })

const jobFileSchema = z.strictObject({
  ...choices,
  jobs: z
    .array(z.union([videoJobSchema, projectJobSchema]))
    .min(1)
    .max(100_000),
})

type Choices = Pick<z.infer<typeof jobFileSchema>, keyof typeof choices>

const defaultOutputs: JobContent['outputs'] = ['annotated-mp4', 'mask-png', 'tracks-json']

/**
 * Reads a job file (YAML or JSON). Paths in it are seen from its folder.
 * @throws UsageError that names the place in the file and what is wrong there; PromptOutsideRange; ProjectError for a
 * project that does not open
 */
export async function readJobFile(path: string): Promise<JobWish[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${path} could not be read: ${cause instanceof Error ? cause.message : 'unknown'}.`)
  })
  const file = checked(path, text)
  const folder = dirname(resolve(path))
  const wishes: JobWish[] = []
  for (const [index, job] of file.jobs.entries()) {
    const place = `${path}, job ${index + 1}`
    const shared = choicesOf(file, job, folder, place)
    const outFolder = resolve(folder, job.out)
    if ('project' in job)
      wishes.push(...(await projectWishes(resolve(folder, job.project), { ...shared, outFolder })))
    else {
      const content = await contentOf(job, folder, place)
      wishes.push({
        ...{ ...shared, ...content, outFolder },
        videoPath: resolve(folder, job.video),
        shotStarts: job.shots,
      })
    }
  }
  for (const wish of wishes) requirePromptsInRange(wish)
  return wishes
}

/** What the command line takes may still be more than a job can carry. */
const boundedSchema = jobContentSchema.pick({ objects: true, range: true })

async function contentOf(
  { objects, range }: z.infer<typeof videoJobSchema>,
  folder: string,
  place: string,
): Promise<z.infer<typeof boundedSchema>> {
  try {
    const result = boundedSchema.safeParse({
      objects: await objectsOf(objects, folder, place),
      range: range === undefined ? { first: null, last: null } : parseRange(range),
    })
    if (result.success) return result.data
    const [issue] = result.error.issues
    throw new UsageError(`at ${issue!.path.join('.')}: ${issue!.message}.`)
  } catch (error) {
    if (!(error instanceof UsageError) || error.message.startsWith(place)) throw error
    throw new UsageError(`${place}: ${error.message}`)
  }
}

function checked(path: string, text: string): z.infer<typeof jobFileSchema> {
  let raw: unknown
  try {
    raw = parse(text)
  } catch (cause) {
    throw new UsageError(
      `${path} is not YAML: ${cause instanceof Error ? cause.message.split('\n')[0]! : 'unknown'}`,
    )
  }
  const result = jobFileSchema.safeParse(raw)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new UsageError(`${path}, at ${issue!.path.join('.') || 'the top'}: ${issueText(issue!)}.`)
}

/** Of a job that is neither a video's nor a project's, the complaint of the one that it comes nearer to. */
function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message
  const nearest = [...issue.errors].sort((a, b) => a.length - b.length)[0]?.[0]
  if (nearest === undefined) return issue.message
  const place = nearest.path.join('.')
  return place === '' ? nearest.message : `${place}: ${nearest.message}`
}

function choicesOf(file: Choices, job: Choices, folder: string, place: string) {
  const model = job.model ?? file.model ?? 'nano'
  const mode = job.mode ?? file.mode ?? 'default'
  const rules = {
    memory: job.memory ?? file.memory,
    'follow-zoom': job['follow-zoom'] ?? file['follow-zoom'],
    'detect-shots': job['detect-shots'] ?? file['detect-shots'],
    exclusive: job.exclusive ?? file.exclusive,
  }
  if (mode === 'reference') requireReferenceRules(rules, place)
  return {
    model: isModelName(model) ? model : resolve(folder, model),
    sizePx: job.size ?? file.size ?? null,
    mode,
    tracking: {
      memorySelection: rules.memory ?? DEFAULT_TRACKING.memorySelection,
      followZoom: (rules['follow-zoom'] ?? 'auto') === 'auto',
      detectShots: rules['detect-shots'] ?? DEFAULT_TRACKING.detectShots,
      exclusiveObjects: rules.exclusive ?? DEFAULT_TRACKING.exclusiveObjects,
    },
    direction: job.direction ?? file.direction ?? 'forward',
    fillOpacity: job.opacity ?? file.opacity ?? DEFAULT_ANNOTATION.fillOpacity,
    outputs: job.outputs ?? file.outputs ?? defaultOutputs,
  } as const
}

async function objectsOf(
  named: z.infer<typeof videoJobSchema>['objects'],
  folder: string,
  place: string,
): Promise<JobContent['objects']> {
  const objects: JobContent['objects'] = []
  for (const [name, prompts] of Object.entries(named)) {
    const object: ObjectArguments = { name, frames: new Map() }
    for (const kind of ['point', 'box', 'mask'] as const)
      for (const text of prompts[kind]) addPrompt(object, kind, text)
    if (object.frames.size === 0)
      throw new UsageError(`${place}: object "${name}" has no prompt: give it a point, a box or a mask.`)
    objects.push({ name, frames: await framesOf(object, folder) })
  }
  if (objects.length === 0) throw new UsageError(`${place} has no objects.`)
  return objects
}

async function framesOf(
  { frames }: ObjectArguments,
  folder: string,
): Promise<JobContent['objects'][number]['frames']> {
  const prompted: JobContent['objects'][number]['frames'] = []
  for (const [frameIndex, { points, box, maskFile }] of frames) {
    if (maskFile === undefined)
      prompted.push({ kind: 'points-or-box', frameIndex, points, box: box === undefined ? null : [...box] })
    else
      prompted.push({
        kind: 'mask',
        frameIndex,
        mask: encodeRunLength(await readMaskFile(resolve(folder, maskFile))),
      })
  }
  return prompted
}
