// Says which ffmpeg and ffprobe are used, and as root on a Debian system installs them where there are none:
// node build/run.mjs build/install-ffmpeg.ts
import { UserFacingError } from '../electron/contract/errors.ts'
import { findMediaTools } from '../electron/engine/video/media-tools.ts'

try {
  const { ffmpeg, ffprobe } = await findMediaTools()
  console.log(`ffmpeg  ${ffmpeg}\nffprobe ${ffprobe}`)
} catch (error) {
  if (!(error instanceof UserFacingError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
