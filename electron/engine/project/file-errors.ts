import { basename } from 'node:path'
import {
  NotAProjectError,
  ProjectDiskFullError,
  ProjectMissingError,
  ProjectNameTooLongError,
  ProjectReadOnlyError,
  ProjectWriteError,
} from './project-errors.ts'

/** The file system's errors about a project file as the project's own; anything else comes back as it was. */
export function translateFileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const fileName = basename(path)
  const options = { cause: error }
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new ProjectMissingError(fileName, options)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new ProjectReadOnlyError(fileName, options)
    case 'EISDIR':
      return new NotAProjectError(fileName, options)
    case 'ENAMETOOLONG':
      return new ProjectNameTooLongError(options)
    case 'ENOSPC':
    case 'EDQUOT':
      return new ProjectDiskFullError(options)
    case 'EIO':
      return new ProjectWriteError(options)
    default:
      return error
  }
}
