import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { discMask, discPicture, type Disc } from '../../../test/fixtures/disc-film.ts'
import { deviceFailure, trackerThat, type Fails } from '../../../test/fixtures/failing-tracker.ts'
import type { CarryHit } from '../../contract/carry.ts'
import { encodeRunLength } from '../masks/run-length-mask.ts'
import { createProject } from '../project/create-project.ts'
import { addMasks, NO_SCORES } from '../project/edits/mask-edits.ts'
import { addObject } from '../project/edits/object-edits.ts'
import { addVideos } from '../project/edits/video-edits.ts'
import { testFolder, videoFile } from '../project/store-fixture.ts'
import { Inference } from '../tracking/inference.ts'
import type { TrackerRequestName } from '../tracking/tracker-protocol.ts'
import { TrackerGone } from '../tracking/tracking-errors.ts'
import { CarrySearch } from './carry-search.ts'

const frame = { widthPx: 320, heightPx: 180 }
const frameCount = 12
const source = { contentId: 'a'.repeat(32), disc: { x: 100, y: 90, radius: 36 } }
const target = { contentId: 'b'.repeat(32), disc: { x: 200, y: 80, radius: 36 } }

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = testFolder())
})
afterEach(() => remove())

/** Looks for the disc of one film in another. @returns what was found, and what the person was told */
async function search(fails?: Fails): Promise<{ hits: CarryHit[]; told: (string | null)[] }> {
  const told: (string | null)[] = []
  const discs = new Map<string, Disc>([source, target].map(({ contentId, disc }) => [contentId, disc]))
  const inference = new Inference({
    wantedModel: () => ({
      ...{ model: 'nano', modelsFolder: '', inputSizePx: 128, precision: 'fp32', featureBytes: 1e7 },
      device: fails === undefined ? 'cpu' : 'cuda',
    }),
    picture: (contentId, index) => Promise.resolve(discPicture([discs.get(contentId)!], index, frame)),
    onFeatures: () => {},
    onNotice: (sentence) => told.push(sentence),
    onLoaded: ({ fallback }) => told.push(fallback),
    onGone: () => {},
    ...(fails ? { openClient: trackerThat(fails) } : {}),
  })
  const store = await createProject(join(folder, `${crypto.randomUUID()}.maskwright`), { name: 'films' })
  try {
    const files = [source, target].map(({ contentId }) => ({ ...videoFile(frameCount), ...frame, contentId }))
    const { videoIds } = addVideos(
      store,
      files.map((file, index) => ({ name: `film ${index}`, file })),
    )
    const { objectId } = addObject(store, { name: 'disc' }, ['#ff0000'])
    const mask = encodeRunLength(discMask(source.disc, frame))
    const origin = { videoId: videoIds[0]!, origin: 'import', model: null } as const
    addMasks(store, origin, [{ objectId, frameIndex: 0, mask, scores: NO_SCORES }], 'import:1')
    const hits: CarryHit[] = []
    const videos = [store.records.get('videoFiles', videoIds[1]!)!]
    await new CarrySearch({
      ...{ store, inference, objectIds: [objectId], videos, signal: new AbortController().signal },
      onHit: (hit) => hits.push(hit),
      onProgress: () => {},
    }).run()
    return { hits, told }
  } finally {
    await inference.close()
    store.close()
  }
}

let onProcessor: ReturnType<typeof search> | undefined

function at(name: TrackerRequestName, error: Error): Fails {
  return (asked, request) => (asked === name && request === 1 ? error : undefined)
}

describe('a search in another video whose device fails goes on', () => {
  it.each([
    ['is lost while it learns the object', at('learn', deviceFailure('Device was lost')), /device was lost/],
    ['is lost while it looks', at('seek', deviceFailure('Device was lost')), /device was lost/],
    ['has no memory left', at('seek', deviceFailure('out of memory')), /not enough memory for CUDA/],
    ['is lost on the way back', at('confirm', deviceFailure('Device was lost')), /device was lost/],
    ['ends the thread', at('confirm', new TrackerGone(new Error('SIGSEGV'))), /has stopped/],
    [
      'gives numbers that are none',
      at('seek', deviceFailure('not finite', 'wrong-numbers')),
      /numbers that are none.*on the processor/,
    ],
  ])('when it %s', async (_, fails, sentence) => {
    const { hits, told } = await search(fails)
    expect(told).toEqual([null, expect.stringMatching(sentence)])
    const expected = await (onProcessor ??= search())
    expect(expected.hits).toHaveLength(1)
    expect(hits).toEqual(expected.hits)
  })
})
