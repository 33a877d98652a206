import {
  DEFAULT_CLEANUP,
  DEFAULT_VIEW,
  type Project,
  type TrackedObject,
  type Video,
} from '../../electron/contract/project.ts'
import type { Prompt } from '../../electron/contract/prompts.ts'
import type { FrameMask } from '../../electron/contract/tracking.ts'
import { encodeMask } from '../masks/run-length.ts'

const WIDTH = 8
const HEIGHT = 6

export function videoRecord(id: number, changes: Partial<Video> = {}): Video {
  return {
    id,
    name: `clip ${id}`,
    location: `clips/${id}.mp4`,
    kind: 'video',
    link: 'linked',
    contentId: String(id).padStart(32, '0'),
    widthPx: WIDTH,
    heightPx: HEIGHT,
    pixelAspectRatio: 1,
    frameCount: 100,
    durationSeconds: 4,
    hasAudio: false,
    sortOrder: id,
    markers: { inFrame: null, outFrame: null },
    ...changes,
  }
}

export function objectRecord(id: number, changes: Partial<TrackedObject> = {}): TrackedObject {
  return {
    id,
    name: `object ${id}`,
    colour: '#4cc2ff',
    classId: null,
    visible: true,
    locked: false,
    cleanup: DEFAULT_CLEANUP,
    sortOrder: id,
    ...changes,
  }
}

export function pointRecord(
  id: number,
  objectId: number,
  frameIndex: number,
  label: 0 | 1 = 1,
): Extract<Prompt, { kind: 'point' }> {
  return { kind: 'point', id, videoId: 1, objectId, frameIndex, x: 3, y: 2, label }
}

/** A mask of the fixture's picture size whose first `areaPx` pixels are inside. */
export function maskRecord(objectId: number, frameIndex: number, areaPx = 4): FrameMask {
  const pixels = new Uint8Array(WIDTH * HEIGHT).fill(1, 0, areaPx)
  return {
    videoId: 1,
    objectId,
    frameIndex,
    versionId: 1,
    stale: false,
    areaPx,
    mask: encodeMask({ widthPx: WIDTH, heightPx: HEIGHT, pixels }),
    objectScore: 5,
    predictedIou: 0.9,
    stability: 0.9,
    suspicion: 0.1,
    suspectReasons: [],
  }
}

/** Two videos of 100 frames, three objects, the first one prompted on frame 0 of the first video. */
export function projectFixture(changes: Partial<Project> = {}): Project {
  return {
    projectId: '7f1c1c44-6a3e-4a55-9d6e-3f2f0f6d2a10',
    name: 'Fixture',
    fileName: 'fixture.maskwright',
    revision: 1,
    videos: [videoRecord(1), videoRecord(2)],
    objects: [objectRecord(1), objectRecord(2), objectRecord(3)],
    classes: [],
    prompts: [pointRecord(1, 1, 0)],
    alternativeChoices: [],
    presence: [],
    shots: [],
    spans: [],
    versions: [],
    runs: [],
    view: { ...DEFAULT_VIEW, videoId: 1, selectedObjectIds: [1] },
    history: { undo: null, redo: null },
    ...changes,
  }
}
