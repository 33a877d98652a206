import { extname } from 'node:path'
import { dialog, type BrowserWindow, type FileFilter } from 'electron'
import { PROJECT_EXTENSION, type FilePurpose } from '../../contract/files.ts'
import { FILE_PURPOSES } from '../file-purposes.ts'

/** Asks the person for files or a folder; nothing when they changed their mind. @returns paths. */
export async function askForFiles(
  window: BrowserWindow,
  purpose: FilePurpose,
  suggestedName: string | undefined,
): Promise<readonly string[]> {
  const rule = FILE_PURPOSES[purpose]
  if (rule.kind === 'file' && rule.isNew) {
    const answer = await dialog.showSaveDialog(window, {
      title: rule.title,
      filters: filtersFor(purpose),
      ...(suggestedName === undefined ? {} : { defaultPath: suggestedName }),
    })
    if (answer.canceled || answer.filePath === '') return []
    const { filePath } = answer
    const isComplete = extname(filePath).toLowerCase() === `.${PROJECT_EXTENSION}`
    return [isComplete ? filePath : `${filePath}.${PROJECT_EXTENSION}`]
  }
  const answer = await dialog.showOpenDialog(window, {
    title: rule.title,
    properties: [
      rule.kind === 'folder' ? 'openDirectory' : 'openFile',
      ...(rule.multiple ? (['multiSelections'] as const) : []),
      ...(rule.kind === 'folder' && rule.isNew ? (['createDirectory'] as const) : []),
    ],
    filters: filtersFor(purpose),
  })
  return answer.canceled ? [] : answer.filePaths
}

function filtersFor(purpose: FilePurpose): FileFilter[] {
  const { title, kind, extensions, othersByHand } = FILE_PURPOSES[purpose]
  if (kind === 'folder' || extensions === null) return []
  const all = { name: 'All files', extensions: ['*'] }
  return [{ name: title, extensions: [...extensions] }, ...(othersByHand ? [all] : [])]
}
