import { defineStore } from 'pinia'
import type { Cleanup } from '../../electron/contract/project.ts'
import type { Mark } from '../../electron/contract/history.ts'
import { texts } from '../texts/texts.ts'
import { useDialogs } from './dialogs.ts'
import { useProject } from './project.ts'
import { useSelection } from './selection.ts'

export type Presence = 'present' | 'absent' | 'unknown'

/** What can be done to objects. Most of it goes for all selected ones at once. */
export const useObjectEdits = defineStore('objectEdits', () => {
  const project = useProject()
  const selection = useSelection()
  const dialogs = useDialogs()

  async function add(): Promise<void> {
    await selection.selectWhenMade(project.call('object.add', {}))
  }

  async function rename(objectId: number, name: string): Promise<void> {
    const trimmed = name.trim()
    if (trimmed === '' || trimmed === project.records.objects.get(objectId)?.name) return
    await project.call('object.rename', { objectId, name: trimmed })
  }

  async function recolour(objectId: number, colour: string): Promise<void> {
    await project.call('object.recolour', { objectId, colour })
  }

  async function setClass(objectIds: readonly number[], classId: number | null): Promise<void> {
    await project.call('object.setClass', { objectIds: [...objectIds], classId })
  }

  async function setVisibility(objectIds: readonly number[], visible: boolean): Promise<void> {
    await project.call('object.setVisibility', { objectIds: [...objectIds], visible })
  }

  async function setLock(objectIds: readonly number[], locked: boolean): Promise<void> {
    await project.call('object.setLock', { objectIds: [...objectIds], locked })
  }

  async function setCleanup(objectIds: readonly number[], cleanup: Cleanup, mark: Mark): Promise<void> {
    await project.call('object.setCleanup', { objectIds: [...objectIds], cleanup }, mark)
  }

  async function duplicate(objectId: number): Promise<void> {
    await selection.selectWhenMade(project.call('object.duplicate', { objectId }))
  }

  /** Deletes objects; undo brings them back, so nothing is asked. */
  async function remove(objectIds: readonly number[]): Promise<void> {
    if (objectIds.length === 0) return
    const gone = new Set(objectIds)
    const order = project.objects.map((object) => object.id)
    const next =
      order.slice(order.findLastIndex((id) => gone.has(id)) + 1).find((id) => !gone.has(id)) ??
      order.findLast((id) => !gone.has(id)) ??
      null
    if ((await project.call('object.delete', { objectIds: [...objectIds] })) !== null)
      selection.selectObject(next)
  }

  /** Joins the selected objects into the one that was selected last. */
  async function mergeSelected(): Promise<void> {
    const objectId = selection.objectId
    const fromObjectIds = selection.selectedObjectIds.filter((id) => id !== objectId)
    if (objectId === null || fromObjectIds.length === 0) return
    const into = project.records.objects.get(objectId)?.name ?? ''
    const yes = await dialogs.confirm({
      title: texts.objects.mergeTitle(fromObjectIds.length + 1),
      text: texts.objects.mergeText(into),
      confirm: texts.objects.merge,
      isDestructive: false,
    })
    if (!yes) return
    if ((await project.call('object.merge', { objectId, fromObjectIds })) !== null)
      selection.selectObject(objectId)
  }

  /** Moves an object before the one at a place of the list, counted as the list is now. */
  async function move(objectId: number, toIndex: number): Promise<void> {
    const order = project.objects.map((object) => object.id)
    const from = order.indexOf(objectId)
    if (from === -1 || toIndex === from || toIndex === from + 1) return
    const others = order.filter((id) => id !== objectId)
    others.splice(toIndex > from ? toIndex - 1 : toIndex, 0, objectId)
    await project.call('object.reorder', { objectIds: others })
  }

  /** Says whether the selected object is there, over a span of the present video. */
  async function setPresence(span: { first: number; last: number }, presence: Presence): Promise<void> {
    const { videoId, objectId } = selection
    if (videoId === null || objectId === null) return
    await project.call('presence.set', { videoId, objectId, span, presence })
  }

  /** Takes masks of the selected objects away over a span of the present video; earlier versions keep them. */
  async function clearMasks(span: { first: number; last: number }): Promise<void> {
    const { videoId, selectedObjectIds } = selection
    if (videoId === null || selectedObjectIds.length === 0) return
    await project.call('track.clearSpan', { videoId, objectIds: [...selectedObjectIds], span })
  }

  /** What was said of an object on a frame. */
  function presenceAt(objectId: number, videoId: number | null, frameIndex: number): Presence {
    for (const range of project.records.presence.values())
      if (
        range.objectId === objectId &&
        range.videoId === videoId &&
        range.first <= frameIndex &&
        frameIndex <= range.last
      )
        return range.presence
    return 'unknown'
  }

  return {
    add,
    rename,
    recolour,
    setClass,
    setVisibility,
    setLock,
    setCleanup,
    duplicate,
    remove,
    mergeSelected,
    move,
    setPresence,
    clearMasks,
    presenceAt,
  }
})
