import { describe, expect, it } from 'vitest'
import { exportedSeconds, frameNumber, isFrameFileName } from './frame-naming.ts'

describe('frameNumber', () => {
  it('has at least five digits and as many as the last frame needs', () => {
    expect(frameNumber(7, { frameCount: 300 })).toBe('00007')
    expect(frameNumber(7, { frameCount: 100_000 })).toBe('00007')
    expect(frameNumber(7, { frameCount: 100_001 })).toBe('000007')
    expect(frameNumber(99_999, { frameCount: 100_000, numberingStart: 1 })).toBe('100000')
    expect(frameNumber(0, { frameCount: 24, numberingStart: 1001 })).toBe('01001')
  })

  it('is recognised again', () => {
    expect(isFrameFileName('00007.png', 'png')).toBe(true)
    expect(isFrameFileName('1234567.png', 'png')).toBe(true)
    for (const other of ['7.png', '00007.jpg', '00007 copy.png', 'notes.txt', '.png', '00007apng'])
      expect(isFrameFileName(other, 'png')).toBe(false)
  })
})

describe('exportedSeconds', () => {
  it('rounds to the microsecond', () => {
    expect(exportedSeconds(1001 / 30_000)).toBe(0.033367)
    expect(exportedSeconds(0)).toBe(0)
    expect(exportedSeconds(-0.0000005)).toBe(-0)
  })
})
