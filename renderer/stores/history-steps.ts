import { defineStore } from 'pinia'
import type { CollectionChange, ProjectChange } from '../../electron/contract/changes.ts'
import { useProject } from './project.ts'
import type { ProjectRecords } from './project-records.ts'
import { useSelection } from './selection.ts'

interface Place {
  readonly videoId: number
  readonly frameIndex: number
}

/** Undo and redo. What they change in another video than the one in view would go unseen, so it is shown there. */
export const useHistorySteps = defineStore('history-steps', () => {
  const project = useProject()
  const selection = useSelection()

  async function take(step: 'history.undo' | 'history.redo'): Promise<void> {
    const places = new Map<number, readonly Place[]>()
    const stop = project.onChanged((change, before) => {
      places.set(change.revision, placesOf(change, before))
    })
    try {
      const answer = await project.call(step, {})
      if (answer !== null) show(places.get(answer.revision) ?? [])
    } finally {
      stop()
    }
  }

  function show(places: readonly Place[]): void {
    if (places.some(({ videoId }) => videoId === selection.videoId)) return
    const place = places.find(({ videoId }) => project.records.videos.has(videoId))
    if (place !== undefined) selection.selectVideo(place.videoId, place.frameIndex)
  }

  return { undo: () => take('history.undo'), redo: () => take('history.redo') }
})

/** Where in the videos a change is to be seen: prompts and what else a person set first, then masks. */
function placesOf({ collections, masks }: ProjectChange, before: ProjectRecords): Place[] {
  const set = collections.flatMap((change) => recordsIn(change, before))
  return [...set, ...masks.map(({ videoId, first }) => ({ videoId, frameIndex: first }))]
}

function recordsIn(change: CollectionChange, before: ProjectRecords): Place[] {
  switch (change.collection) {
    case 'prompts':
    case 'alternativeChoices':
    case 'shots': {
      const known = before[change.collection]
      const removed = change.remove.flatMap((id) => known.get(id) ?? [])
      return [...change.put, ...removed].map(({ videoId, frameIndex }) => ({ videoId, frameIndex }))
    }
    case 'presence': {
      const removed = change.remove.flatMap((id) => before.presence.get(id) ?? [])
      return [...change.put, ...removed].map(({ videoId, first }) => ({ videoId, frameIndex: first }))
    }
    case 'videos':
    case 'objects':
    case 'classes':
    case 'spans':
    case 'versions':
    case 'runs':
      return []
  }
}
