import { Brush, CirclePlus, Eraser, Lasso, Layers, MousePointer2, SquareDashed, Trash } from '@lucide/vue'
import { usePrompting } from '../stores/prompting.ts'
import { useSelection, type Tool } from '../stores/selection.ts'
import type { ActionDefinition } from './action.ts'

const SMALLEST_BRUSH_PX = 2
const LARGEST_BRUSH_PX = 400

export function promptActions(): ActionDefinition[] {
  const prompting = usePrompting()
  const selection = useSelection()

  const tool = (name: Tool, key: string, icon: ActionDefinition['icon']): ActionDefinition => ({
    id: `tool.${name}`,
    ...(icon === undefined ? {} : { icon }),
    keys: [key],
    enabled: () => selection.video !== null,
    checked: () => selection.tool === name,
    run: () => {
      selection.tool = name
    },
  })

  function scaleBrush(factor: number): void {
    const scaled = Math.round(selection.brushSizePx * factor)
    selection.brushSizePx = Math.max(SMALLEST_BRUSH_PX, Math.min(LARGEST_BRUSH_PX, scaled))
  }

  const hasPrompts = (): boolean => prompting.promptsHere.length > 0 && selection.object?.locked === false

  return [
    tool('select', 'KeyA', MousePointer2),
    tool('point', 'KeyP', CirclePlus),
    tool('box', 'KeyB', SquareDashed),
    tool('brush', 'KeyR', Brush),
    tool('eraser', 'KeyE', Eraser),
    tool('lasso', 'KeyL', Lasso),
    {
      id: 'brush.smaller',
      keys: ['BracketLeft'],
      repeats: true,
      enabled: () => selection.video !== null,
      run: () => {
        scaleBrush(1 / 1.2)
      },
    },
    {
      id: 'brush.larger',
      keys: ['BracketRight'],
      repeats: true,
      enabled: () => selection.video !== null,
      run: () => {
        scaleBrush(1.2)
      },
    },
    {
      id: 'alternatives.cycle',
      icon: Layers,
      keys: ['KeyC'],
      startsSection: true,
      enabled: () => prompting.offerHere.alternatives.length > 1 && selection.object?.locked === false,
      run: prompting.cycleAlternative,
    },
    {
      id: 'prompt.delete',
      icon: Trash,
      keys: ['Delete', 'Backspace'],
      enabled: hasPrompts,
      run: () => {
        const prompts = prompting.promptsHere
        const chosen = prompts.find((prompt) => prompt.id === selection.selectedPromptId) ?? prompts.at(-1)
        return chosen !== undefined && prompting.deletePrompt(chosen)
      },
    },
    { id: 'prompt.clearFrame', keys: ['Shift+Delete'], enabled: hasPrompts, run: prompting.clearFrame },
  ]
}
