import type { DatasetJob } from './dataset-format.ts'

/** `seqinfo.ini` of a sequence. */
export function sequenceDescription({ source, name }: DatasetJob): string {
  return [
    '[Sequence]',
    `name=${name}`,
    'imDir=img1',
    `frameRate=${Math.round(source.averageFrameRate * 1000) / 1000}`,
    `seqLength=${source.frameCount}`,
    `imWidth=${source.widthPx}`,
    `imHeight=${source.heightPx}`,
    'imExt=.jpg',
    '',
  ].join('\n')
}
