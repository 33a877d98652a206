import { FilePlus2, FolderOpen, Images, Import, Save, Settings, Share, SquareX, Video } from '@lucide/vue'
import { useDesk } from '../stores/desk.ts'
import { useDialogs } from '../stores/dialogs.ts'
import { useProject } from '../stores/project.ts'
import type { ActionDefinition } from './action.ts'

export function fileActions(): ActionDefinition[] {
  const desk = useDesk()
  const dialogs = useDialogs()
  const project = useProject()
  const isIdle = (): boolean => !desk.busy
  const hasProject = (): boolean => project.isOpen && !desk.busy
  const hasVideo = (): boolean => hasProject() && project.videos.length > 0
  return [
    { id: 'project.create', icon: FilePlus2, enabled: isIdle, run: desk.createProject },
    { id: 'project.open', icon: FolderOpen, keys: ['$mod+KeyO'], enabled: isIdle, run: desk.openProject },
    { id: 'project.openSample', enabled: isIdle, run: desk.openSample },
    {
      id: 'project.saveAs',
      icon: Save,
      keys: ['$mod+Shift+KeyS'],
      enabled: hasProject,
      run: desk.saveAs,
    },
    { id: 'project.close', icon: SquareX, enabled: hasProject, run: desk.closeProject },
    {
      id: 'video.add',
      icon: Video,
      keys: ['$mod+Shift+KeyO'],
      startsSection: true,
      enabled: isIdle,
      run: desk.addVideos,
    },
    { id: 'video.addFolder', icon: Images, enabled: isIdle, run: desk.addImageFolder },
    {
      id: 'import.open',
      icon: Import,
      keys: ['$mod+KeyI'],
      startsSection: true,
      enabled: hasVideo,
      run: () => {
        dialogs.show('import')
      },
    },
    {
      id: 'export.open',
      icon: Share,
      keys: ['$mod+KeyE'],
      enabled: hasVideo,
      run: () => {
        dialogs.show('export')
      },
    },
    {
      id: 'settings.open',
      icon: Settings,
      keys: ['$mod+Comma'],
      startsSection: true,
      enabled: () => true,
      run: () => {
        dialogs.show('settings')
      },
    },
  ]
}
