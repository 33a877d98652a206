import {
  ChevronLeft,
  ChevronRight,
  ChevronsLeft,
  ChevronsRight,
  Diamond,
  Play,
  Repeat,
  SkipBack,
  SkipForward,
  TriangleAlert,
} from '@lucide/vue'
import { useNavigation } from '../stores/navigation.ts'
import { usePlayback } from '../stores/playback.ts'
import { useSelection } from '../stores/selection.ts'
import type { ActionDefinition } from './action.ts'

const LEAP_FRAMES = 10

export function playActions(): ActionDefinition[] {
  const navigation = useNavigation()
  const playback = usePlayback()
  const selection = useSelection()
  const hasVideo = (): boolean => selection.video !== null

  const go = (
    id: string,
    keys: string[],
    icon: ActionDefinition['icon'],
    target: () => number,
  ): ActionDefinition => ({
    id,
    keys,
    ...(icon === undefined ? {} : { icon }),
    repeats: true,
    enabled: hasVideo,
    run: () => {
      playback.pause()
      selection.goToFrame(target())
    },
  })

  return [
    {
      id: 'play.toggle',
      icon: Play,
      keys: ['Space'],
      enabled: hasVideo,
      checked: () => playback.playing,
      run: playback.toggle,
    },
    go('play.stepBack', ['ArrowLeft'], ChevronLeft, () => selection.frameIndex - 1),
    go('play.stepForward', ['ArrowRight'], ChevronRight, () => selection.frameIndex + 1),
    go('play.leapBack', ['Shift+ArrowLeft'], ChevronsLeft, () => selection.frameIndex - LEAP_FRAMES),
    go('play.leapForward', ['Shift+ArrowRight'], ChevronsRight, () => selection.frameIndex + LEAP_FRAMES),
    go('play.first', ['Home'], SkipBack, () => 0),
    go('play.last', ['End'], SkipForward, () => selection.lastFrame),
    {
      id: 'play.slower',
      keys: ['Shift+Comma'],
      startsSection: true,
      enabled: hasVideo,
      run: () => {
        playback.stepRate(-1)
      },
    },
    {
      id: 'play.faster',
      keys: ['Shift+Period'],
      enabled: hasVideo,
      run: () => {
        playback.stepRate(1)
      },
    },
    {
      id: 'play.loop',
      icon: Repeat,
      keys: ['Backslash'],
      enabled: hasVideo,
      checked: () => playback.loop,
      run: () => {
        playback.loop = !playback.loop
      },
    },
    {
      id: 'keyframe.previous',
      icon: Diamond,
      keys: ['KeyJ'],
      startsSection: true,
      repeats: true,
      enabled: () => navigation.keyframes.length > 0,
      run: navigation.previousKeyframe,
    },
    {
      id: 'keyframe.next',
      icon: Diamond,
      keys: ['KeyK'],
      repeats: true,
      enabled: () => navigation.keyframes.length > 0,
      run: navigation.nextKeyframe,
    },
    {
      id: 'suspect.previous',
      keys: ['Shift+KeyS'],
      enabled: hasVideo,
      run: () => navigation.goToSuspect('backward'),
    },
    {
      id: 'suspect.next',
      icon: TriangleAlert,
      keys: ['KeyS'],
      enabled: hasVideo,
      run: () => navigation.goToSuspect('forward'),
    },
    {
      id: 'shots.toggle',
      keys: ['Shift+KeyC'],
      enabled: () => hasVideo() && selection.frameIndex > 0,
      checked: () => navigation.shotHere !== null,
      run: navigation.toggleShot,
    },
    {
      id: 'markers.setIn',
      keys: ['KeyI'],
      startsSection: true,
      enabled: hasVideo,
      run: () => navigation.setMarkers({ inFrame: selection.frameIndex }),
    },
    {
      id: 'markers.setOut',
      keys: ['KeyO'],
      enabled: hasVideo,
      run: () => navigation.setMarkers({ outFrame: selection.frameIndex }),
    },
    {
      id: 'markers.clear',
      keys: ['Alt+KeyX'],
      enabled: () => selection.markers.inFrame !== null || selection.markers.outFrame !== null,
      run: () => navigation.setMarkers({ inFrame: null, outFrame: null }),
    },
  ]
}
