import { Redo2, Undo2 } from '@lucide/vue'
import { useDialogs } from '../stores/dialogs.ts'
import { useHistorySteps } from '../stores/history-steps.ts'
import { useProject } from '../stores/project.ts'
import type { ActionDefinition } from './action.ts'

export function editActions(): ActionDefinition[] {
  const dialogs = useDialogs()
  const project = useProject()
  const steps = useHistorySteps()
  return [
    {
      id: 'history.undo',
      icon: Undo2,
      keys: ['$mod+KeyZ'],
      repeats: true,
      enabled: () => project.history.undo !== null,
      run: steps.undo,
    },
    {
      id: 'history.redo',
      icon: Redo2,
      keys: ['$mod+Shift+KeyZ', '$mod+KeyY'],
      repeats: true,
      enabled: () => project.history.redo !== null,
      run: steps.redo,
    },
    {
      id: 'classes.open',
      startsSection: true,
      enabled: () => project.isOpen,
      run: () => {
        dialogs.show('classes')
      },
    },
  ]
}
