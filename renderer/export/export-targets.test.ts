// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { exportSelectionSchema, exportTargetSchema } from '../../electron/contract/export-options.ts'
import { objectRecord, projectFixture } from '../testing/project-fixture.ts'
import { openStudio } from '../testing/open-studio.ts'
import { useSelection } from '../stores/selection.ts'
import { useExportSelection } from './export-selection.ts'
import { defaultTarget, isKnownFormat } from './export-targets.ts'

test('every format of the contract has options to start with', () => {
  for (const option of exportTargetSchema.options) {
    const format = option.shape.format.value
    expect(isKnownFormat(format)).toBe(true)
    expect(
      exportTargetSchema.parse(defaultTarget(format, { fillOpacity: 0.3, outline: true })),
    ).toMatchObject({ format })
  }
  expect(isKnownFormat('tiff')).toBe(false)
})

test('the choices become a selection that the engine takes', async () => {
  await openStudio(projectFixture({ classes: [{ id: 4, name: 'cup', sortOrder: 1 }] }))
  const { choices, exportSelection } = useExportSelection()
  expect(exportSelectionSchema.parse(exportSelection.value)).toMatchObject({
    objectIds: null,
    first: null,
    last: null,
  })
  choices.range = 'all'
  choices.objects = 'class'
  choices.classId = 4
  expect(exportSelection.value).toMatchObject({ classIds: [4], first: 0, last: 99 })
  useSelection().goToFrame(5)
  choices.range = 'frame'
  choices.objects = 'selected'
  expect(exportSelection.value).toMatchObject({ objectIds: [1], classIds: null, first: 5, last: 5 })
  useSelection().selectObject(null)
  expect(exportSelection.value).toBeNull()
})

test('without objects nothing would leave', async () => {
  const { change } = await openStudio(projectFixture({ objects: [objectRecord(1)] }))
  const { exportSelection } = useExportSelection()
  expect(exportSelection.value).not.toBeNull()
  change([{ collection: 'objects', put: [], remove: [1] }])
  expect(exportSelection.value).toBeNull()
})
