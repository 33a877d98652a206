import { basename } from 'node:path'
import { UserFacingError } from '../../../contract/errors.ts'
import type { JobWish } from './prepared-job.ts'

/** A prompt where nothing is tracked. It is not left out without a word: the object may have no other. */
export class PromptOutsideRange extends UserFacingError {
  constructor({ videoPath, range }: JobWish, objectName: string, frameIndex: number) {
    const bounds = [
      ...(range.first === null ? [] : [`begins at frame ${range.first}`]),
      ...(range.last === null ? [] : [`ends at frame ${range.last}`]),
    ]
    super(
      'prompt-outside-range',
      `${basename(videoPath)}: ${objectName} has a prompt on frame ${frameIndex}, but what is to be tracked ` +
        `${bounds.join(' and ')}. Widen that, or take the prompt away.`,
    )
  }
}

/** Asked before anything is sent or done: a worker could only fail. @throws PromptOutsideRange */
export function requirePromptsInRange(wish: JobWish): void {
  const { first, last } = wish.range
  for (const { name, frames } of wish.objects)
    for (const { frameIndex } of frames)
      if (frameIndex < (first ?? 0) || frameIndex > (last ?? Infinity))
        throw new PromptOutsideRange(wish, name, frameIndex)
}
