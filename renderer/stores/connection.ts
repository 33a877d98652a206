import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { EngineStatus, SaveStatus } from '../../electron/contract/events.ts'
import type { HelloResult } from '../../electron/contract/hello.ts'
import type { LineState } from '../client/client.ts'
import { useClient } from '../client/current-client.ts'

/** The line to the host, and how engine and project file fare. */
export const useConnection = defineStore('connection', () => {
  const client = useClient()
  const line = shallowRef<LineState>(client.state)
  const hello = shallowRef<HelloResult | null>(null)
  const engine = shallowRef<EngineStatus>({ state: 'starting', attempt: 0, message: null })
  const save = shallowRef<SaveStatus>({ state: 'saved', revision: 0, message: null })

  client.onState((state, greeting) => {
    line.value = state
    if (greeting !== null) hello.value = greeting
  })
  client.on('engine.status', (status) => {
    engine.value = status
  })
  client.on('save.status', (status) => {
    save.value = status
  })

  /** What the host can do; null before the first greeting. */
  const host = computed(() => hello.value?.host ?? null)
  const isOpen = computed(() => line.value === 'open')
  /** Calls to the engine can be answered. */
  const isReady = computed(() => isOpen.value && engine.value.state !== 'failed')

  return { line, hello, host, engine, save, isOpen, isReady }
})
