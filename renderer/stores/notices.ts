import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Notice } from '../../electron/contract/events.ts'
import { UserFacingError } from '../../electron/contract/errors.ts'
import { useClient } from '../client/current-client.ts'
import { texts } from '../texts/texts.ts'

export interface ShownNotice extends Notice {
  readonly id: number
  /** Name of an action of the table that answers the notice. */
  readonly action: string | null
}

const MOST_SHOWN = 5

/** Short messages in the corner: what happened, what is safe, what to do. */
export const useNotices = defineStore('notices', () => {
  const shown = shallowRef<readonly ShownNotice[]>([])
  let nextId = 1

  function add(notice: Notice, action: string | null = null): void {
    // The same sentence again moves to the end and does not pile up.
    const others = shown.value.filter(
      (other) => other.code !== notice.code || other.message !== notice.message,
    )
    shown.value = [...others, { ...notice, id: nextId++, action }].slice(-MOST_SHOWN)
  }

  function dismiss(id: number): void {
    shown.value = shown.value.filter((notice) => notice.id !== id)
  }

  /** Shows what went wrong. Only errors written for people keep their words. */
  function addError(error: unknown): void {
    if (error instanceof UserFacingError) {
      if (error.code === 'Cancelled') return
      add({ level: 'error', code: error.code, message: error.message })
      return
    }
    console.error(error)
    add({ level: 'error', code: 'Unexpected', message: texts.errors.unexpected })
  }

  /** Runs something whose failure is shown and ends here; null when it failed. */
  async function attempt<Result>(work: () => Promise<Result>): Promise<Result | null> {
    try {
      return await work()
    } catch (error) {
      addError(error)
      return null
    }
  }

  const client = useClient()
  client.on('notice', (notice) => {
    add(notice)
  })
  // Places of another project are none in this one.
  client.on('project.opened', () => {
    shown.value = shown.value.filter(({ place }) => place === undefined)
  })

  return { shown, add, addError, attempt, dismiss }
})
