import { describe, expect, test } from 'vitest'
import { laneTop, scrollToLane, timelineLayout, visibleLanes } from './timeline-layout.ts'

describe('rows of the timeline', () => {
  test('the quality strip follows the last lane', () => {
    const layout = timelineLayout(230, 3, 0)
    expect(layout.lanes).toEqual({ top: 68, heightPx: 78 })
    expect(layout.quality.top).toBe(146)
    expect(visibleLanes(layout)).toEqual({ first: 0, end: 3 })
  })

  test('lanes that do not fit scroll, and only those that are seen are drawn', () => {
    const layout = timelineLayout(230, 50, 100)
    expect(layout.lanes.heightPx).toBe(118)
    expect(layout.quality.top + layout.quality.heightPx).toBe(layout.scrollBar.top)
    expect(visibleLanes(layout)).toEqual({ first: 3, end: 9 })
    expect(laneTop(layout, 3)).toBe(68 + 78 - 100)
    expect(timelineLayout(230, 50, 1e6).scrollPx).toBe(50 * 26 - 118)
  })

  test('a lane is brought into view by as little as can be', () => {
    const layout = timelineLayout(230, 50, 100)
    expect(scrollToLane(layout, 5)).toBe(100)
    expect(scrollToLane(layout, 1)).toBe(26)
    expect(scrollToLane(layout, 20)).toBe(21 * 26 - 118)
  })

  test('a very low timeline has no lanes and no error', () => {
    expect(timelineLayout(60, 4, 0).lanes.heightPx).toBe(0)
    expect(visibleLanes(timelineLayout(60, 4, 0))).toEqual({ first: 0, end: 0 })
  })
})
