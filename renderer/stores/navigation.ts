import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { Notice } from '../../electron/contract/events.ts'
import type { Markers } from '../../electron/contract/project.ts'
import { useNotices } from './notices.ts'
import { useClient } from '../client/current-client.ts'
import { texts } from '../texts/texts.ts'
import { useProject } from './project.ts'
import { useSelection } from './selection.ts'

/** Moving through the film: keyframes, suspect frames, markers. */
export const useNavigation = defineStore('navigation', () => {
  const client = useClient()
  const notices = useNotices()
  const project = useProject()
  const selection = useSelection()

  /** Frames of the present video that carry prompts, of the selected objects or of all; in order. */
  const keyframes = computed(() => {
    const chosen = new Set(selection.selectedObjectIds)
    const frames = new Set<number>()
    for (const prompt of project.records.prompts.values())
      if (prompt.videoId === selection.videoId && (chosen.size === 0 || chosen.has(prompt.objectId)))
        frames.add(prompt.frameIndex)
    return [...frames].sort((a, b) => a - b)
  })

  function nextKeyframe(): void {
    const next = keyframes.value.find((frame) => frame > selection.frameIndex)
    if (next !== undefined) selection.goToFrame(next)
  }

  function previousKeyframe(): void {
    const previous = keyframes.value.findLast((frame) => frame < selection.frameIndex)
    if (previous !== undefined) selection.goToFrame(previous)
  }

  /** Goes to where the next suspect stretch of any object begins, and selects that object. */
  async function goToSuspect(direction: 'forward' | 'backward'): Promise<void> {
    const { videoId } = selection
    if (videoId === null) return
    const answer = await notices.attempt(() =>
      client.call('timeline.nextSuspect', {
        videoId,
        objectIds: null,
        fromFrame: selection.frameIndex,
        fromObjectId: selection.objectId,
        direction,
      }),
    )
    if (answer === null) return
    if (answer.suspect === null) {
      notices.add({ level: 'information', code: 'NoSuspect', message: texts.track.noSuspect(direction) })
      return
    }
    selection.selectObject(answer.suspect.objectId)
    selection.goToFrame(answer.suspect.frameIndex)
  }

  /** Goes to what a notice is about: the frame, with the objects selected that are still there. */
  function goToPlace({ videoId, frameIndex, objectIds }: NonNullable<Notice['place']>): void {
    if (!project.records.videos.has(videoId)) return
    selection.selectVideo(videoId, frameIndex)
    selection.selectObjects(objectIds)
  }

  /** Sets markers; one that would lie on the wrong side of the other takes it away. */
  async function setMarkers(markers: Partial<Markers>): Promise<void> {
    const next = { ...selection.markers, ...markers }
    if (next.inFrame !== null && next.outFrame !== null && next.inFrame > next.outFrame) {
      if (markers.inFrame !== undefined) next.outFrame = null
      else next.inFrame = null
    }
    await selection.setMarkers(next)
  }

  /** The shot that begins on the present frame. */
  const shotHere = computed(
    () =>
      [...project.records.shots.values()].find(
        (shot) => shot.videoId === selection.videoId && shot.frameIndex === selection.frameIndex,
      ) ?? null,
  )

  /** Says that a shot begins on the present frame, or takes that back. */
  async function toggleShot(): Promise<void> {
    const { videoId, frameIndex } = selection
    if (shotHere.value !== null) await project.call('shots.remove', { shotId: shotHere.value.id })
    else if (videoId !== null && frameIndex > 0) await project.call('shots.add', { videoId, frameIndex })
  }

  /** Says that a shot begins on another frame; onto one that begins a shot already nothing is moved. */
  async function moveShot(shotId: number, frameIndex: number): Promise<void> {
    const isTaken = [...project.records.shots.values()].some(
      (shot) => shot.videoId === selection.videoId && shot.frameIndex === frameIndex,
    )
    if (!isTaken) await project.call('shots.move', { shotId, frameIndex })
  }

  return {
    shotHere,
    toggleShot,
    moveShot,
    keyframes,
    nextKeyframe,
    previousKeyframe,
    goToSuspect,
    goToPlace,
    setMarkers,
  }
})
