import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { CommandResult } from '../../electron/contract/commands.ts'
import { useClient } from '../client/current-client.ts'
import { texts } from '../texts/texts.ts'
import { useFiles } from './files.ts'
import { useNotices } from './notices.ts'
import { useProject } from './project.ts'
import { useSelection } from './selection.ts'

export type RecentProject = CommandResult<'project.recent'>['recent'][number]
type Opened = CommandResult<'project.open'>

/** Opening, making and saving projects, and taking videos in. */
export const useDesk = defineStore('desk', () => {
  const client = useClient()
  const files = useFiles()
  const notices = useNotices()
  const project = useProject()
  const selection = useSelection()

  const recent = shallowRef<readonly RecentProject[]>([])
  /** Something is being opened or read, which can take a while. */
  const busy = shallowRef(false)

  async function working<Result>(work: () => Promise<Result>): Promise<Result | null> {
    busy.value = true
    try {
      return await notices.attempt(work)
    } finally {
      busy.value = false
    }
  }

  async function opening(open: () => Promise<Opened>): Promise<boolean> {
    // The project itself comes with the event; the answer says that it is there.
    return (await working(open)) !== null
  }

  async function refreshRecent(): Promise<void> {
    const answer = await notices.attempt(() => client.call('project.recent', {}))
    if (answer !== null) recent.value = answer.recent
  }

  async function openProject(): Promise<void> {
    const file = await files.chooseOne('openProject')
    if (file !== null) await opening(() => client.call('project.open', { fileToken: file.token }))
  }

  async function openDropped(fileToken: string): Promise<void> {
    await opening(() => client.call('project.open', { fileToken }))
  }

  async function openRecent(recentId: string): Promise<void> {
    if (!(await opening(() => client.call('project.openRecent', { recentId })))) await refreshRecent()
  }

  async function forgetRecent(recentId: string): Promise<void> {
    await notices.attempt(() => client.call('project.forgetRecent', { recentId }))
    await refreshRecent()
  }

  async function openSample(): Promise<void> {
    await opening(() => client.call('project.openSample', {}))
  }

  /** A project in the app's own folder; it gets a file when it is saved as. */
  async function createProject(): Promise<boolean> {
    return opening(() => client.call('project.create', { fileToken: null, name: texts.project.untitled }))
  }

  async function saveAs(): Promise<void> {
    const file = await files.chooseOne('saveProject', project.name)
    if (file !== null) await opening(() => client.call('project.saveAs', { fileToken: file.token }))
  }

  async function closeProject(): Promise<void> {
    await notices.attempt(() => client.call('project.close', {}))
  }

  /** Takes chosen files into the project, or into a new one when none is open, and shows the first of them. */
  async function addFiles(fileTokens: string[]): Promise<void> {
    if (fileTokens.length === 0) return
    if (!project.isOpen && !(await createProject())) return
    const added = await working(() => client.call('video.add', { fileTokens }))
    const first = added?.videoIds[0]
    if (first !== undefined) selection.selectVideo(first)
  }

  async function addVideos(): Promise<void> {
    await addFiles((await files.choose('addVideo')).map((file) => file.token))
  }

  async function addImageFolder(): Promise<void> {
    await addFiles((await files.choose('addImageFolder')).map((file) => file.token))
  }

  /** Looks for a video's file, or folder of pictures, in another place. */
  async function relink(videoId: number, acceptOtherContent: boolean): Promise<boolean> {
    const isFolder = project.records.videos.get(videoId)?.kind === 'images'
    const file = await files.chooseOne(isFolder ? 'relinkImageFolder' : 'relinkVideo')
    if (file === null) return false
    const done = await working(() =>
      client.call('video.relink', { videoId, fileToken: file.token, acceptOtherContent }),
    )
    return done !== null
  }

  client.onState((state) => {
    if (state === 'open') void refreshRecent()
  })
  client.on('project.opened', () => {
    void refreshRecent()
  })

  return {
    recent,
    busy,
    refreshRecent,
    openProject,
    openDropped,
    openRecent,
    forgetRecent,
    openSample,
    createProject,
    saveAs,
    closeProject,
    addFiles,
    addVideos,
    addImageFolder,
    relink,
  }
})
