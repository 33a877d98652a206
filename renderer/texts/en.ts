import { actionTexts } from './en/action-texts.ts'
import { carryTexts } from './en/carry-texts.ts'
import { exchangeTexts } from './en/exchange-texts.ts'
import { fileTexts } from './en/file-texts.ts'
import { inspectTexts } from './en/inspect-texts.ts'
import { objectTexts } from './en/object-texts.ts'
import { queueTexts } from './en/queue-texts.ts'
import { settingsTexts } from './en/settings-texts.ts'
import { shellTexts } from './en/shell-texts.ts'
import { stageTexts } from './en/stage-texts.ts'
import { timelineTexts } from './en/timeline-texts.ts'
import { trackTexts } from './en/track-texts.ts'

/** All words of the interface. Nothing else in the renderer holds words for people. */
export const en = {
  ...actionTexts,
  ...shellTexts,
  ...fileTexts,
  ...objectTexts,
  ...inspectTexts,
  ...trackTexts,
  ...exchangeTexts,
  ...settingsTexts,
  carry: carryTexts,
  queue: queueTexts,
  stage: stageTexts,
  timeline: timelineTexts,
}
