import { extname } from 'node:path'
import { PROJECT_EXTENSION, type FilePurpose } from '../contract/files.ts'

/** What a purpose asks of a file or folder, and how a dialog speaks of it. */
export interface PurposeRule {
  readonly title: string
  readonly kind: 'file' | 'folder'
  /** It need not exist yet. */
  readonly isNew: boolean
  readonly multiple: boolean
  /** Endings of its name without the dot, lower case; null for any. */
  readonly extensions: readonly string[] | null
  /** Native dialogs and drops take other endings, too, because the person sees the name. */
  readonly othersByHand: boolean
}

const VIDEOS = (
  '3g2 3gp apng asf avi dv f4v flv gif h264 h265 hevc ivf m2ts m4v mkv mov mp4 mpeg mpg mts mxf ogm ogv ' +
  'ts vob webm webp wmv y4m'
).split(' ')

const existing = { isNew: false, multiple: false, extensions: null, othersByHand: false } as const
const video = { kind: 'file', ...existing, extensions: VIDEOS, othersByHand: true } as const
const project = { kind: 'file', ...existing, extensions: [PROJECT_EXTENSION] } as const

export const FILE_PURPOSES: Readonly<Record<FilePurpose, PurposeRule>> = {
  openProject: { ...project, title: 'Open project' },
  saveProject: { ...project, title: 'Save project as', isNew: true },
  addVideo: { ...video, title: 'Add videos', multiple: true },
  addImageFolder: { ...existing, title: 'Add a folder of images', kind: 'folder' },
  relinkVideo: { ...video, title: 'Find the video' },
  relinkImageFolder: { ...existing, title: 'Find the folder of images', kind: 'folder' },
  importFile: {
    ...existing,
    title: 'Import',
    kind: 'file',
    extensions: ['json', 'jsonl', 'txt', 'xml', 'zip', 'csv', PROJECT_EXTENSION],
    othersByHand: true,
  },
  importFolder: { ...existing, title: 'Import a folder', kind: 'folder' },
  exportFolder: { ...existing, title: 'Export to', kind: 'folder', isNew: true },
  queueStore: { ...existing, title: 'Store of the queue', kind: 'folder', isNew: true },
  modelFile: {
    ...existing,
    title: 'Add a model',
    kind: 'file',
    extensions: ['pt', 'pth', 'safetensors'],
  },
  modelsFolder: { ...existing, title: 'Folder for models', kind: 'folder' },
  ffmpegProgram: { ...existing, title: 'Find ffmpeg', kind: 'file' },
}

/** Whether a file or folder of this name may be chosen for a purpose. `byHand`: in a native dialog or by a drop. */
export function isFitFor(
  purpose: FilePurpose,
  name: string,
  kind: 'file' | 'folder',
  byHand: boolean,
): boolean {
  const rule = FILE_PURPOSES[purpose]
  if (rule.kind !== kind) return false
  if (purpose === 'ffmpegProgram') return /^ffmpeg/i.test(name)
  if (rule.extensions === null || (byHand && rule.othersByHand)) return true
  return rule.extensions.includes(extname(name).slice(1).toLowerCase())
}
