import { UserFacingError } from '../../../contract/errors.ts'

export class QueueNotNamed extends UserFacingError {
  constructor() {
    super('QueueNotNamed', 'Say first where the queue and its store are.')
  }
}

/** A job that the list does not hold (any more), or one of another project. */
export class UnknownQueueJob extends UserFacingError {
  constructor() {
    super('UnknownQueueJob', 'That job is not on the list any more.')
  }
}

export class QueueJobUnderWay extends UserFacingError {
  constructor(title: string) {
    super(
      'QueueJobUnderWay',
      `A worker has ${title} already. It can be taken off the list when it has ended.`,
    )
  }
}

/** The queue says done, but the store holds nothing under the job's name. */
export class QueueResultMissing extends UserFacingError {
  constructor(title: string) {
    super('QueueResultMissing', `The store has no result of ${title}. Send the video again.`)
  }
}

/** The result is of a video that was replaced in the project meanwhile. */
export class QueueResultOfOtherVideo extends UserFacingError {
  constructor(title: string) {
    super(
      'QueueResultOfOtherVideo',
      `${title} was tracked for a file that this project does not have any more. Nothing was taken over.`,
    )
  }
}

/** What the store holds is not what a worker of this version writes. */
export class QueueResultDamaged extends UserFacingError {
  constructor(title: string, cause: unknown) {
    super('QueueResultDamaged', `The result of ${title} cannot be read. Nothing was taken over.`, { cause })
  }
}
