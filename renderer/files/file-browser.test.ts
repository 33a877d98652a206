// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import type { ChosenFile, FilePurpose } from '../../electron/contract/files.ts'
import { buttonCalled, mountStudio, onPage } from '../testing/mount-studio.ts'
import { openStudio, type OpenStudio } from '../testing/open-studio.ts'
import { useDialogs } from '../stores/dialogs.ts'
import { texts } from '../texts/texts.ts'
import FileBrowser from './file-browser.vue'
import { unmountAfterEach } from '../testing/unmount-after-each.ts'

unmountAfterEach()

const token = (letter: string): string => letter.repeat(24)
const folder: ChosenFile = { token: token('f'), name: 'films', kind: 'folder' }

async function open(
  purpose: FilePurpose,
): Promise<{ studio: OpenStudio; answers: (readonly ChosenFile[])[] }> {
  const studio = await openStudio(null)
  const answers: (readonly ChosenFile[])[] = []
  studio.host.answer('files.browse', () => ({
    folder,
    parent: null,
    places: [folder],
    entries: [],
    truncated: false,
  }))
  mountStudio(FileBrowser, studio, {
    request: {
      purpose,
      suggestedName: 'cups',
      answer: (files: readonly ChosenFile[]) => answers.push(files),
    },
  })
  await flushPromises()
  return { studio, answers }
}

test('the folder that is open can be taken where a folder is asked for', async () => {
  const { answers } = await open('exportFolder')
  buttonCalled(texts.files.takeThisFolder).click()
  await flushPromises()
  expect(answers).toEqual([[folder]])
})

test('where a file is asked for, nothing can be taken until one is chosen', async () => {
  const { answers } = await open('addVideo')
  expect(buttonCalled(texts.files.choose).getAttribute('aria-disabled')).toBe('true')
  buttonCalled(texts.files.choose).click()
  await flushPromises()
  expect(answers).toEqual([])
})

test('saving over a file asks first', async () => {
  const { studio, answers } = await open('saveProject')
  studio.host.answer('files.name', ({ name }) => ({
    files: [{ token: token('n'), name, kind: 'file' }],
    exists: true,
  }))
  buttonCalled(texts.files.save).click()
  await flushPromises()
  useDialogs().question?.answer(false)
  await flushPromises()
  expect(answers).toEqual([])
  buttonCalled(texts.files.save).click()
  await flushPromises()
  useDialogs().question?.answer(true)
  await flushPromises()
  expect(answers).toEqual([[{ token: token('n'), name: 'cups', kind: 'file' }]])
  expect(studio.host.paramsOf('files.name')).toMatchObject([
    { purpose: 'saveProject', folder: folder.token, name: 'cups' },
    { purpose: 'saveProject', folder: folder.token, name: 'cups' },
  ])
})

test('leaving it chooses nothing', async () => {
  const { answers } = await open('openProject')
  buttonCalled(texts.common.cancel).click()
  expect(answers).toEqual([[]])
  expect(onPage('[role=dialog]')).toHaveLength(1)
})
