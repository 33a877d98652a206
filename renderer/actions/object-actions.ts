import { CircleSlash, Combine, Copy, Eye, Lock, Pencil, Plus, Scan, Send, Trash2 } from '@lucide/vue'
import { useDialogs } from '../stores/dialogs.ts'
import { useObjectEdits } from '../stores/object-edits.ts'
import { useProject } from '../stores/project.ts'
import { useSelection } from '../stores/selection.ts'
import { useView } from '../stores/view.ts'
import { texts } from '../texts/texts.ts'
import type { ActionDefinition } from './action.ts'

const NUMBERED = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const

export function objectActions(): ActionDefinition[] {
  const dialogs = useDialogs()
  const edits = useObjectEdits()
  const project = useProject()
  const selection = useSelection()
  const view = useView()

  const hasObject = (): boolean => selection.objectId !== null
  const hasVideo = (): boolean => selection.video !== null
  const isOpenForEdits = (): boolean => hasObject() && selection.object?.locked === false

  function selectBeside(offset: 1 | -1): void {
    const order = project.objects.map((object) => object.id)
    const at = selection.objectId === null ? -1 : order.indexOf(selection.objectId)
    const next = at === -1 ? (offset === 1 ? 0 : order.length - 1) : at + offset
    const id = order[Math.max(0, Math.min(order.length - 1, next))]
    if (id !== undefined) selection.selectObject(id)
  }

  function move(offset: 1 | -1): Promise<void> | undefined {
    const { objectId } = selection
    if (objectId === null) return
    const at = project.objects.findIndex((object) => object.id === objectId)
    const to = offset === 1 ? at + 2 : at - 1
    if (to >= 0 && to <= project.objects.length) return edits.move(objectId, to)
  }

  function presenceHere(): 'present' | 'absent' | 'unknown' {
    return selection.objectId === null
      ? 'unknown'
      : edits.presenceAt(selection.objectId, selection.videoId, selection.frameIndex)
  }

  return [
    { id: 'object.add', icon: Plus, keys: ['KeyN'], enabled: () => project.isOpen, run: edits.add },
    {
      id: 'object.rename',
      icon: Pencil,
      keys: ['F2'],
      enabled: hasObject,
      run: () => {
        dialogs.renamingObjectId = selection.objectId
      },
    },
    {
      id: 'object.duplicate',
      icon: Copy,
      keys: ['$mod+KeyD'],
      enabled: hasObject,
      run: () => selection.objectId !== null && edits.duplicate(selection.objectId),
    },
    {
      id: 'object.merge',
      icon: Combine,
      keys: ['$mod+Shift+KeyM'],
      enabled: () => selection.selectedObjectIds.length > 1,
      run: edits.mergeSelected,
    },
    {
      id: 'object.delete',
      icon: Trash2,
      keys: ['$mod+Delete', '$mod+Backspace'],
      enabled: isOpenForEdits,
      run: () => edits.remove(selection.selectedObjectIds),
    },
    {
      id: 'object.hide',
      icon: Eye,
      keys: ['KeyH'],
      startsSection: true,
      enabled: hasObject,
      checked: () => selection.object?.visible === false,
      run: () => edits.setVisibility(selection.selectedObjectIds, selection.object?.visible === false),
    },
    {
      id: 'object.solo',
      icon: Scan,
      keys: ['Shift+KeyH'],
      enabled: hasObject,
      checked: () => selection.objectId !== null && view.view.soloObjectIds.includes(selection.objectId),
      run: () => {
        if (selection.objectId !== null) view.toggleSolo(selection.objectId)
      },
    },
    {
      id: 'object.lock',
      icon: Lock,
      keys: ['Shift+KeyL'],
      enabled: hasObject,
      checked: () => selection.object?.locked === true,
      run: () => edits.setLock(selection.selectedObjectIds, selection.object?.locked === false),
    },
    {
      id: 'presence.absentHere',
      icon: CircleSlash,
      keys: ['KeyX'],
      startsSection: true,
      enabled: () => isOpenForEdits() && hasVideo(),
      checked: () => presenceHere() === 'absent',
      run: () =>
        edits.setPresence(
          { first: selection.frameIndex, last: selection.frameIndex },
          presenceHere() === 'absent' ? 'unknown' : 'absent',
        ),
    },
    {
      id: 'presence.absentMarked',
      keys: ['Shift+KeyX'],
      enabled: () => isOpenForEdits() && hasVideo(),
      run: () => edits.setPresence(selection.markedSpan, 'absent'),
    },
    {
      id: 'track.clearHere',
      enabled: () => isOpenForEdits() && hasVideo(),
      run: () => edits.clearMasks({ first: selection.frameIndex, last: selection.frameIndex }),
    },
    {
      id: 'track.clearMarked',
      enabled: () => isOpenForEdits() && hasVideo(),
      run: () => edits.clearMasks(selection.markedSpan),
    },
    {
      id: 'object.selectAll',
      keys: ['$mod+KeyA'],
      startsSection: true,
      enabled: () => project.objects.length > 0,
      run: () => {
        selection.selectObjects(project.objects.map((object) => object.id))
      },
    },
    {
      id: 'object.next',
      keys: ['ArrowDown'],
      repeats: true,
      enabled: () => project.objects.length > 0,
      run: () => {
        selectBeside(1)
      },
    },
    {
      id: 'object.previous',
      keys: ['ArrowUp'],
      repeats: true,
      enabled: () => project.objects.length > 0,
      run: () => {
        selectBeside(-1)
      },
    },
    {
      id: 'object.moveUp',
      keys: ['Alt+ArrowUp'],
      repeats: true,
      enabled: hasObject,
      run: () => move(-1),
    },
    {
      id: 'object.moveDown',
      keys: ['Alt+ArrowDown'],
      repeats: true,
      enabled: hasObject,
      run: () => move(1),
    },
    {
      id: 'versions.open',
      startsSection: true,
      keys: ['KeyV'],
      enabled: () => hasObject() && hasVideo(),
      run: () => {
        dialogs.show('versions')
      },
    },
    {
      id: 'carry.open',
      icon: Send,
      keys: ['Shift+KeyV'],
      enabled: () => project.objects.length > 0 && hasVideo(),
      run: () => {
        dialogs.show('carry')
      },
    },
    ...NUMBERED.map((number) => ({
      id: `object.select.${'abcdefghi'.charAt(number - 1)}`,
      title: texts.objects.selectNumber(number),
      keys: [`Digit${number}`],
      onlyKeys: true,
      enabled: () => project.objects.length >= number,
      run: () => {
        selection.selectObject(project.objects[number - 1]?.id ?? null)
      },
    })),
  ]
}
