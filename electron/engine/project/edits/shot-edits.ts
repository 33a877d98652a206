import type { Mark } from '../../../contract/history.ts'
import type { Draft } from '../draft.ts'
import { InvalidEditError, UnknownRecordError } from '../project-errors.ts'
import type { ProjectStore } from '../project-store.ts'
import { shotsOf } from '../video-shots.ts'
import { requireFrame } from './require-records.ts'

function requireFreeFrame(draft: Draft, videoId: number, frameIndex: number): void {
  requireFrame(draft, videoId, frameIndex)
  if (shotsOf(draft, videoId).some((shot) => shot.frameIndex === frameIndex)) {
    throw new InvalidEditError(`A shot begins at frame ${String(frameIndex)} already.`)
  }
}

export function addShot(store: ProjectStore, videoId: number, frameIndex: number, mark?: Mark): number {
  return store.edit({ action: 'shots.add', mark }, ({ draft }) => {
    requireFreeFrame(draft, videoId, frameIndex)
    draft.put('shots', { id: draft.newId(), videoId, frameIndex, kind: 'cut', source: 'user', confidence: 1 })
  }).revision
}

/** A boundary that a person moved counts as theirs. */
export function moveShot(store: ProjectStore, shotId: number, frameIndex: number, mark?: Mark): number {
  return store.edit({ action: 'shots.move', mark }, ({ draft }) => {
    const shot = draft.get('shots', shotId)
    if (shot === undefined) throw new UnknownRecordError('shot')
    if (shot.frameIndex === frameIndex) return
    requireFreeFrame(draft, shot.videoId, frameIndex)
    draft.put('shots', { ...shot, frameIndex, source: 'user', confidence: 1 })
  }).revision
}

export function removeShot(store: ProjectStore, shotId: number, mark?: Mark): number {
  return store.edit({ action: 'shots.remove', mark }, ({ draft }) => {
    if (draft.get('shots', shotId) === undefined) throw new UnknownRecordError('shot')
    draft.remove('shots', shotId)
  }).revision
}
