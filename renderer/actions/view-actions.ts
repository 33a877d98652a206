import { Maximize, ZoomIn, ZoomOut } from '@lucide/vue'
import type { View } from '../../electron/contract/project.ts'
import { useSelection } from '../stores/selection.ts'
import { useSettings } from '../stores/settings.ts'
import { useView } from '../stores/view.ts'
import type { ActionDefinition } from './action.ts'

const ZOOM_STEP = 1.25
const SMALLEST_ZOOM = 0.02
const LARGEST_ZOOM = 64
const OPACITY_STEP = 0.08

export function viewActions(): ActionDefinition[] {
  const selection = useSelection()
  const settings = useSettings()
  const view = useView()
  const hasVideo = (): boolean => selection.video !== null

  /** Zooms about the centre of the stage; from the fitted picture, its middle. */
  function zoomTo(zoom: number): void {
    const video = selection.video
    if (video === null) return
    const centre = view.view.zoom === null ? { centreX: video.widthPx / 2, centreY: video.heightPx / 2 } : {}
    view.set({ zoom: Math.max(SMALLEST_ZOOM, Math.min(LARGEST_ZOOM, zoom)), ...centre })
  }

  const mode = (name: View['mode']): ActionDefinition => ({
    id: `view.${name}`,
    enabled: hasVideo,
    checked: () => view.view.mode === name,
    run: () => {
      view.set({ mode: name })
    },
  })
  const MODES: readonly View['mode'][] = ['overlay', 'mattes', 'sideBySide']

  function fill(by: number): void {
    view.set({ fillOpacity: Math.max(0, Math.min(1, view.view.fillOpacity + by)) })
  }

  return [
    {
      id: 'view.fit',
      icon: Maximize,
      keys: ['KeyF'],
      enabled: hasVideo,
      run: () => {
        view.set({ zoom: null })
      },
    },
    {
      id: 'view.actualSize',
      keys: ['$mod+Digit0'],
      enabled: hasVideo,
      run: () => {
        zoomTo(1)
      },
    },
    {
      id: 'view.zoomIn',
      icon: ZoomIn,
      keys: ['Equal', '$mod+Equal'],
      repeats: true,
      enabled: hasVideo,
      run: () => {
        zoomTo(view.shownZoom * ZOOM_STEP)
      },
    },
    {
      id: 'view.zoomOut',
      icon: ZoomOut,
      keys: ['Minus', '$mod+Minus'],
      repeats: true,
      enabled: hasVideo,
      run: () => {
        zoomTo(view.shownZoom / ZOOM_STEP)
      },
    },
    {
      id: 'timeline.fit',
      keys: ['KeyG'],
      enabled: hasVideo,
      run: () => {
        view.set({ timelineFirst: 0, timelineLast: null })
      },
    },
    { ...mode('overlay'), startsSection: true },
    mode('mattes'),
    mode('sideBySide'),
    {
      id: 'view.nextMode',
      keys: ['KeyM'],
      enabled: hasVideo,
      run: () => {
        const next = MODES[(MODES.indexOf(view.view.mode) + 1) % MODES.length]
        if (next !== undefined) view.set({ mode: next })
      },
    },
    {
      id: 'view.outline',
      keys: ['KeyU'],
      startsSection: true,
      enabled: hasVideo,
      checked: () => view.view.outline,
      run: () => {
        view.set({ outline: !view.view.outline })
      },
    },
    {
      id: 'view.lessFill',
      keys: ['Shift+BracketLeft'],
      repeats: true,
      enabled: hasVideo,
      run: () => {
        fill(-OPACITY_STEP)
      },
    },
    {
      id: 'view.moreFill',
      keys: ['Shift+BracketRight'],
      repeats: true,
      enabled: hasVideo,
      run: () => {
        fill(OPACITY_STEP)
      },
    },
    {
      id: 'view.theme',
      startsSection: true,
      enabled: () => true,
      run: () => settings.patch({ theme: settings.theme === 'dark' ? 'light' : 'dark' }),
    },
  ]
}
