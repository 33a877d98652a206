/** Words on and around the picture. */
export const stageTexts = {
  label: (frame: number, seconds: string | null, tool: string) =>
    `Picture of frame ${frame}${seconds === null ? '' : `, ${seconds}`}. Tool: ${tool}. Press Enter to point with the arrow keys.`,
  labelEmpty: 'Picture. No video is open.',
  encoding: 'Reading the picture for the first click…',
  answering: 'Working out the mask…',
  loading: (frame: number) => `Loading frame ${frame}…`,
  frameFailed: (frame: number) =>
    `Frame ${frame} could not be shown. Your work is safe; go to another frame or look for the video’s file again.`,
  locked: (name: string) => `${name} is locked. Unlock it to change its mask.`,
  zoomTip: 'Fit the picture, or one to one',
  zoom: (percent: string) => `${percent} %`,
  fill: (percent: number) => `Fill ${percent}`,
  fillLabel: 'Fill of the masks',
  outline: 'Outline',
  keyboardPointer: 'Arrow keys move, Enter adds a point, Alt+Enter takes away, Esc ends.',
}
