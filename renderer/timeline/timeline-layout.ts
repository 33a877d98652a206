/** Rows of the timeline's canvas in CSS pixels from its top. */
export interface TimelineLayout {
  readonly heightPx: number
  readonly film: Row
  /** The window onto the lanes; they scroll within it. */
  readonly lanes: Row
  readonly laneCount: number
  /** How far the lanes are scrolled. */
  readonly scrollPx: number
  readonly quality: Row
  readonly scrollBar: Row
}

export interface Row {
  readonly top: number
  readonly heightPx: number
}

export const RULER_HEIGHT_PX = 22
export const FILM_HEIGHT_PX = 46
export const LANE_HEIGHT_PX = 26
const QUALITY_HEIGHT_PX = 34
const SCROLL_BAR_HEIGHT_PX = 10

/** Rows for so many objects; lanes that do not fit scroll, the quality strip stays below them. */
export function timelineLayout(heightPx: number, laneCount: number, scrollPx: number): TimelineLayout {
  const lanesTop = RULER_HEIGHT_PX + FILM_HEIGHT_PX
  const roomPx = heightPx - lanesTop - QUALITY_HEIGHT_PX - SCROLL_BAR_HEIGHT_PX
  const wantedPx = laneCount * LANE_HEIGHT_PX
  const lanesPx = Math.max(0, Math.min(wantedPx, roomPx))
  return {
    heightPx,
    film: { top: RULER_HEIGHT_PX, heightPx: FILM_HEIGHT_PX },
    lanes: { top: lanesTop, heightPx: lanesPx },
    laneCount,
    scrollPx: Math.max(0, Math.min(wantedPx - lanesPx, scrollPx)),
    quality: { top: lanesTop + lanesPx, heightPx: QUALITY_HEIGHT_PX },
    scrollBar: { top: heightPx - SCROLL_BAR_HEIGHT_PX, heightPx: SCROLL_BAR_HEIGHT_PX },
  }
}

/** Lanes of which anything is seen, from the top; `end` lies behind the last. */
export function visibleLanes(layout: TimelineLayout): { first: number; end: number } {
  return {
    first: Math.floor(layout.scrollPx / LANE_HEIGHT_PX),
    end: Math.min(layout.laneCount, Math.ceil((layout.scrollPx + layout.lanes.heightPx) / LANE_HEIGHT_PX)),
  }
}

/** Top of a lane on the canvas. */
export function laneTop(layout: TimelineLayout, lane: number): number {
  return layout.lanes.top + lane * LANE_HEIGHT_PX - layout.scrollPx
}

/** Scroll with which a lane is seen whole, as near to the present one as can be. */
export function scrollToLane(layout: TimelineLayout, lane: number): number {
  const top = lane * LANE_HEIGHT_PX
  const lowest = top + LANE_HEIGHT_PX - layout.lanes.heightPx
  return Math.max(0, Math.min(top, Math.max(lowest, layout.scrollPx)))
}
