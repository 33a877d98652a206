import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import type { Device } from '../../electron/contract/devices.ts'
import type { DownloadProgress, ModelEntry } from '../../electron/contract/model-catalogue.ts'
import { useClient } from '../client/current-client.ts'
import { texts } from '../texts/texts.ts'
import { useNotices } from './notices.ts'

/** The models that can be had and the devices that can run them. */
export const useModels = defineStore('models', () => {
  const client = useClient()
  const notices = useNotices()

  const models = shallowRef<readonly ModelEntry[]>([])
  const devices = shallowRef<readonly Device[]>([])
  const downloads = shallowReactive(new Map<string, DownloadProgress>())
  const isProbing = shallowRef(false)

  const modelInUse = computed(() => models.value.find((model) => model.inUse) ?? null)
  const deviceInUse = computed(() => devices.value.find((device) => device.inUse) ?? null)

  function take(answer: { models: ModelEntry[] } | null): void {
    if (answer !== null) models.value = answer.models
  }

  async function refresh(): Promise<void> {
    take(await notices.attempt(() => client.call('models.list', {})))
  }

  async function refreshDevices(probeAgain = false): Promise<void> {
    const answer = await notices.attempt(() => client.call('devices.list', { probeAgain }))
    if (answer !== null) devices.value = answer.devices
  }

  /** Tries all devices, which takes a while. */
  async function probeAgain(): Promise<void> {
    isProbing.value = true
    await refreshDevices(true)
    isProbing.value = false
  }

  async function use(modelId: string): Promise<void> {
    take(await notices.attempt(() => client.call('models.use', { modelId })))
  }

  async function download(modelId: string): Promise<void> {
    await notices.attempt(() => client.call('models.download', { modelId }))
    await refresh()
  }

  async function cancelDownload(modelId: string): Promise<void> {
    await notices.attempt(() => client.call('models.cancelDownload', { modelId }))
  }

  async function remove(modelId: string): Promise<void> {
    take(await notices.attempt(() => client.call('models.remove', { modelId })))
  }

  async function addFile(fileToken: string): Promise<void> {
    take(await notices.attempt(() => client.call('models.addFile', { fileToken })))
  }

  client.on('download.progress', (news) => {
    const isOver = news.state === 'finished' || news.state === 'cancelled' || news.state === 'failed'
    if (isOver) {
      downloads.delete(news.modelId)
      void refresh()
    } else downloads.set(news.modelId, news)
    if (news.state === 'failed')
      notices.add({
        level: 'error',
        code: 'DownloadFailed',
        message: news.failure ?? texts.models.downloadFailed,
      })
  })
  client.on('engine.status', (status) => {
    if (status.state === 'ready') void Promise.all([refresh(), refreshDevices()])
  })
  // Another device or model may be in use; also told when the engine has found out in the background which work.
  client.on('settings.changed', () => {
    void refreshDevices()
  })
  client.onState((state) => {
    if (state === 'open') void Promise.all([refresh(), refreshDevices()])
  })

  return {
    models,
    devices,
    downloads,
    isProbing,
    modelInUse,
    deviceInUse,
    refresh,
    probeAgain,
    use,
    download,
    cancelDownload,
    remove,
    addFile,
  }
})
