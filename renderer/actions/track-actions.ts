import { Pause, Play, RefreshCw, Server, StepBack, StepForward, X } from '@lucide/vue'
import { useDialogs } from '../stores/dialogs.ts'
import { useProject } from '../stores/project.ts'
import { useSelection } from '../stores/selection.ts'
import { useTracking } from '../stores/tracking.ts'
import type { ActionDefinition } from './action.ts'

export function trackActions(): ActionDefinition[] {
  const dialogs = useDialogs()
  const project = useProject()
  const selection = useSelection()
  const tracking = useTracking()
  const canStart = (): boolean =>
    tracking.request !== null && selection.video?.link === 'linked' && tracking.activeRun?.state !== 'running'
  const hasRun = (): boolean => tracking.activeRun !== null

  const step = (direction: 'forward' | 'backward') => () =>
    tracking.start({ direction, startFrame: selection.frameIndex, limit: { kind: 'steps', steps: 1 } })

  return [
    { id: 'track.start', icon: Play, keys: ['KeyT'], enabled: canStart, run: () => tracking.start() },
    {
      id: 'track.forward',
      enabled: canStart,
      run: () => tracking.start({ direction: 'forward' }),
    },
    {
      id: 'track.backward',
      enabled: canStart,
      run: () => tracking.start({ direction: 'backward' }),
    },
    {
      id: 'track.stepForward',
      icon: StepForward,
      keys: ['$mod+ArrowRight'],
      enabled: canStart,
      run: step('forward'),
    },
    {
      id: 'track.stepBackward',
      icon: StepBack,
      keys: ['$mod+ArrowLeft'],
      enabled: canStart,
      run: step('backward'),
    },
    {
      id: 'track.correction',
      icon: RefreshCw,
      keys: ['Shift+KeyT'],
      enabled: () => canStart() && selection.objectId !== null,
      run: () =>
        selection.objectId !== null &&
        tracking.start({
          objectIds: [selection.objectId],
          direction: 'both',
          startFrame: selection.frameIndex,
          limit: { kind: 'end' },
          extent: 'untilAgreement',
        }),
    },
    {
      id: 'track.pause',
      icon: Pause,
      keys: ['Shift+Space'],
      startsSection: true,
      enabled: hasRun,
      checked: () => hasRun() && tracking.activeRun?.state !== 'running',
      run: () => {
        const run = tracking.activeRun
        if (run === null) return
        return run.state === 'running' || run.state === 'waiting'
          ? tracking.pause(run.id)
          : tracking.resume(run.id)
      },
    },
    {
      id: 'track.cancel',
      icon: X,
      keys: ['Shift+Escape'],
      enabled: hasRun,
      run: () => tracking.activeRun !== null && tracking.cancel(tracking.activeRun.id),
    },
    {
      id: 'queue.open',
      icon: Server,
      startsSection: true,
      enabled: () => project.isOpen && project.videos.length > 0,
      run: () => {
        dialogs.show('queue')
      },
    },
  ]
}
