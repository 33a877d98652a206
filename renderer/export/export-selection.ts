import { computed, reactive, type ComputedRef } from 'vue'
import type { ExportSelection } from '../../electron/contract/export-options.ts'
import { useProject } from '../stores/project.ts'
import { useSelection } from '../stores/selection.ts'

/** What the person chooses about the part that leaves. */
export interface ExportChoices {
  videoId: number | null
  objects: 'all' | 'selected' | 'class'
  classId: number | null
  range: 'markers' | 'all' | 'frame'
  step: number
  /** null keeps the source's numbers. */
  numberingStart: number | null
}

/** The choices of the dialog, and the selection they come to; null while nothing would leave. */
export function useExportSelection(): {
  choices: ExportChoices
  exportSelection: ComputedRef<ExportSelection | null>
} {
  const project = useProject()
  const selection = useSelection()
  const choices = reactive<ExportChoices>({
    videoId: selection.videoId,
    objects: 'all',
    classId: null,
    range: 'markers',
    step: 1,
    numberingStart: null,
  })

  const exportSelection = computed<ExportSelection | null>(() => {
    const video = choices.videoId === null ? undefined : project.records.videos.get(choices.videoId)
    if (video === undefined) return null
    const objectIds = choices.objects === 'selected' ? [...selection.selectedObjectIds] : null
    if (objectIds?.length === 0 || project.objects.length === 0) return null
    const ranges = {
      markers: { first: null, last: null },
      all: { first: 0, last: video.frameCount - 1 },
      frame: { first: selection.frameIndex, last: selection.frameIndex },
    }
    return {
      videoId: video.id,
      objectIds,
      classIds: choices.objects === 'class' && choices.classId !== null ? [choices.classId] : null,
      ...ranges[choices.range],
      step: choices.step,
      numberingStart: choices.numberingStart,
    }
  })

  return { choices, exportSelection }
}
