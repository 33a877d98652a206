import {
  exportTargetSchema,
  type ExportFormatName,
  type ExportTarget,
} from '../../electron/contract/export-options.ts'

/** Whether the interface knows the options of a format that the engine offers. */
export function isKnownFormat(format: string): format is ExportFormatName {
  return exportTargetSchema.options.some((option) => option.shape.format.value === format)
}

/** A format with the options it starts with. */
export function defaultTarget(
  format: ExportFormatName,
  look: { fillOpacity: number; outline: boolean },
): ExportTarget {
  switch (format) {
    case 'annotated-mp4':
      return { format, fillOpacity: look.fillOpacity, outline: look.outline, labels: true, keepAudio: true }
    case 'prores-4444':
    case 'webm-alpha':
      return { format, perObject: false }
    case 'cutouts':
      return { format, crop: false }
    case 'green-screen':
      return { format, background: '#00b140' }
    case 'youtube-vos':
    case 'yolo-seg':
    case 'labelme':
      return { format, frames: true }
    case 'coco':
      return { format, segmentation: 'rle' }
    case 'cvat':
      return { format, shapes: 'mask' }
    case 'mask-mp4':
    case 'png-masks':
    case 'davis':
    case 'sa-v':
    case 'mot':
    case 'mots':
    case 'tracks-csv':
    case 'tracks-json':
      return { format }
  }
}
