import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ChosenFile, FilePurpose } from '../../electron/contract/files.ts'
import { useClient } from '../client/current-client.ts'
import { useConnection } from './connection.ts'
import { useNotices } from './notices.ts'

/** What the host's own file browser is asked for. */
export interface BrowseRequest {
  readonly purpose: FilePurpose
  readonly suggestedName: string | null
  answer(files: readonly ChosenFile[]): void
}

/** Choosing files: by a native dialog where the host has one, else by the file browser of the interface. */
export const useFiles = defineStore('files', () => {
  const client = useClient()
  const connection = useConnection()
  const notices = useNotices()
  const browsing = shallowRef<BrowseRequest | null>(null)

  /** Tokens of what the person chose; empty when nothing was. */
  async function choose(purpose: FilePurpose, suggestedName?: string): Promise<readonly ChosenFile[]> {
    if (connection.host?.nativeDialogs === true) {
      const named = suggestedName === undefined ? {} : { suggestedName }
      const answer = await notices.attempt(() => client.call('files.choose', { purpose, ...named }))
      return answer?.files ?? []
    }
    browsing.value?.answer([])
    return new Promise((resolve) => {
      browsing.value = {
        purpose,
        suggestedName: suggestedName ?? null,
        answer: (files) => {
          browsing.value = null
          resolve(files)
        },
      }
    })
  }

  /** One file or folder; null when nothing was chosen. */
  async function chooseOne(purpose: FilePurpose, suggestedName?: string): Promise<ChosenFile | null> {
    return (await choose(purpose, suggestedName))[0] ?? null
  }

  return { browsing, choose, chooseOne }
})
