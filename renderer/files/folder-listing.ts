import { shallowRef, type ShallowRef } from 'vue'
import type { CommandResult } from '../../electron/contract/commands.ts'
import type { FilePurpose, FolderListing } from '../../electron/contract/files.ts'
import { useClient } from '../client/current-client.ts'
import { useNotices } from '../stores/notices.ts'

/** A folder of the host's machine as the host tells it, named by tokens. */
export function useFolderListing(purpose: FilePurpose): {
  listing: ShallowRef<FolderListing | null>
  isLoading: ShallowRef<boolean>
  /** Goes into a folder; null is where the host would start. */
  enter: (folder: string | null) => Promise<void>
  /** A file of that name in a folder, to save to; null when the host refuses it. */
  nameFile: (folder: string, name: string) => Promise<CommandResult<'files.name'> | null>
} {
  const client = useClient()
  const notices = useNotices()
  const listing = shallowRef<FolderListing | null>(null)
  const isLoading = shallowRef(false)
  let turn = 0

  async function enter(folder: string | null): Promise<void> {
    const mine = ++turn
    isLoading.value = true
    const answer = await notices.attempt(() => client.call('files.browse', { purpose, folder }))
    if (mine !== turn) return
    if (answer !== null) listing.value = answer
    isLoading.value = false
  }

  return {
    listing,
    isLoading,
    enter,
    nameFile: (folder, name) => notices.attempt(() => client.call('files.name', { purpose, folder, name })),
  }
}
