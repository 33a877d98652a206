/** Words of tracking and of the versions that it makes. */
export const trackTexts = {
  track: {
    title: 'Track',
    objects: 'Objects',
    objectsTip: 'Which objects Track follows; locked ones and those without a prompt are left out',
    all: (count: number, total: number) => {
      if (count === 0) return 'None yet'
      if (count < total) return `${count} of ${total}`
      return count === 1 ? '1 object' : `All ${count}`
    },
    selected: (count: number) => (count === 0 ? 'Selected' : `Selected ${count}`),
    direction: 'Direction',
    directionTip: 'Whether Track goes on from the prompts, back from them, or both',
    directions: { both: 'Both ways', forward: 'Forward', backward: 'Backward' },
    to: 'To',
    toTip: 'Where Track ends: at the markers, if there are any, or at the end of the film',
    outMarker: (frame: number) => `Out marker, ${frame}`,
    inMarker: (frame: number) => `In marker, ${frame}`,
    markers: (first: number, last: number) => `Markers, ${first} – ${last}`,
    ends: { both: 'Both ends', forward: 'Last frame', backward: 'First frame' },
    estimate: 'Estimate',
    estimateTip: 'Time and memory that tracking would take',
    estimateDetail: (frames: number, memory: string, device: string | null) =>
      device === null
        ? `${frames} frames, ${memory} memory`
        : `${frames} frames, ${memory} memory, ${device} on the GPU`,
    about: (time: string) => `about ${time}`,
    estimateOf: (time: string, memory: string) => `${time} · ${memory}`,
    tooMuchMemory: (memory: string) =>
      `Needs ${memory}, more than is free. Choose a smaller model or input size, or fewer objects.`,
    nothingYet: 'Click an object first: there is nothing to track yet.',
    nothingChosen: 'None of the chosen objects has a prompt in this film, or they are locked.',
    startTip: 'Track',
    pause: 'Pause',
    pauseTip: 'Pause tracking; what was tracked stays',
    resume: 'Resume',
    resumeTip: 'Go on tracking where it stopped',
    stop: 'Stop',
    stopTip: 'End tracking and keep what it made',
    ways: 'More ways to track',
    tracking: (count: number) => (count === 1 ? 'Tracking 1 object' : `Tracking ${count} objects`),
    states: {
      waiting: (count: number) => `Waiting to track ${count}`,
      paused: (count: number) => (count === 1 ? 'Paused, 1 object' : `Paused, ${count} objects`),
      interrupted: () => 'Tracking was interrupted',
      finished: () => 'Tracked',
      cancelled: () => 'Stopped',
      failed: () => 'Tracking failed',
    },
    rate: (framesPerSecond: number) =>
      `${framesPerSecond >= 10 ? framesPerSecond.toFixed(0) : framesPerSecond.toFixed(1)} frames/s`,
    left: (time: string) => `${time} left`,
    noSuspect: (direction: 'forward' | 'backward') =>
      direction === 'forward'
        ? 'No suspect stretch begins after this frame.'
        : 'No suspect stretch begins before this frame.',
  },
  versions: {
    title: (name: string) => `Versions of ${name}`,
    description:
      'Every track and edit is kept. Look at one beside the present one, and take a span of it back.',
    present: 'Present',
    earlier: 'This version',
    noMask: 'no mask here',
    frame: 'Frame',
    span: 'Take back frames',
    first: 'First frame to take back',
    last: 'Last frame to take back',
    fromHere: 'From this frame',
    toHere: 'To this frame',
    restore: 'Take back',
    restoreTip: 'Make this version the present one over these frames. Undo brings the present one back.',
    none: 'There is no earlier version yet.',
    origins: {
      prompt: 'Prompt',
      track: 'Track',
      edit: 'Edit by hand',
      import: 'Import',
      duplicate: 'Duplicate',
      merge: 'Merge',
      carry: 'Carried over',
    },
    frames: (first: number, last: number) =>
      first === last ? `Frame ${first}` : `Frames ${first} – ${last}`,
    mean: (score: string) => `confidence ${score}`,
    allShown: 'Shown on all its frames',
    partShown: (count: number) => (count === 1 ? 'Shown on 1 frame' : `Shown on ${count} frames`),
    notShown: 'Superseded',
  },
}
