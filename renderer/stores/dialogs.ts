import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export type DialogName =
  | 'carry'
  | 'queue'
  | 'export'
  | 'import'
  | 'settings'
  | 'models'
  | 'versions'
  | 'classes'
  | 'help'
  | 'palette'

interface Question {
  readonly title: string
  readonly text: string
  readonly confirm: string
  readonly isDestructive: boolean
  answer(yes: boolean): void
}

/** Which dialog is open, if any. */
export const useDialogs = defineStore('dialogs', () => {
  const open = shallowRef<DialogName | null>(null)
  /** Video that a file is looked for. */
  const relinkVideoId = shallowRef<number | null>(null)
  /** Object whose name is being typed in the list. */
  const renamingObjectId = shallowRef<number | null>(null)
  const question = shallowRef<Question | null>(null)

  /** Asks before something that is hard to take back. */
  function confirm(words: Omit<Question, 'answer'>): Promise<boolean> {
    question.value?.answer(false)
    return new Promise((resolve) => {
      question.value = {
        ...words,
        answer: (yes) => {
          question.value = null
          resolve(yes)
        },
      }
    })
  }

  return {
    open,
    relinkVideoId,
    renamingObjectId,
    question,
    confirm,
    show: (name: DialogName) => {
      open.value = name
    },
    close: () => {
      open.value = null
    },
  }
})
