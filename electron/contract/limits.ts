/**
 * Upper bounds of everything that crosses a process border or enters a project. They are far above real work and
 * far below what would harm: a message outside them is refused before anyone acts on it.
 */
export const LIMITS = {
  /** Characters of a name a person gives to a project, object, class or video. */
  nameLength: 200,
  /** Characters of a sentence, a relative path or a licence line. */
  textLength: 4_096,
  /** Characters of a report or a log excerpt. */
  reportLength: 1_048_576,
  /** Largest frame index: 77 hours at 60 frames a second. */
  frameIndex: 2 ** 24 - 1,
  /** Pixels of one side of a picture. */
  sidePx: 32_768,
  /** Pixels of a whole picture. */
  picturePx: 2 ** 28,
  /** Characters of one compressed run-length mask. */
  maskCountsLength: 8 * 1_048_576,
  videos: 1_000,
  objects: 1_000,
  classes: 1_000,
  /** Prompts of a project, and of one answer that carries them. */
  prompts: 1_000_000,
  /** Prompts of one object on one frame. */
  promptsPerFrame: 500,
  /** Spans, presence ranges or shots of one object or video. */
  spans: 100_000,
  /** Masks of one message. */
  masksPerMessage: 20_000,
  /** Presentation times of one message. */
  timesPerMessage: 100_000,
  /** Columns of the downsampled quality strip of one answer. */
  qualityBuckets: 8_192,
  /** Steps shown of the history. */
  historySteps: 10_000,
  /** Jobs that a project sent to a queue and still shows. */
  queueJobs: 1_000,
  /** Files chosen at once. */
  files: 1_000,
  /** Characters of one message from the interface; the largest there is carries one mask. */
  requestLength: 12 * 1_048_576,
  /** Bytes of one message on any transport. */
  messageBytes: 256 * 1_048_576,
} as const
