/** Words of carrying objects to other videos. */
export const carryTexts = {
  title: 'Carry to other videos',
  description:
    'Looks for objects in further videos by how they look where they are labelled. You choose what is taken over.',
  objects: 'Objects',
  objectsNote: 'Select objects in the list to carry only those',
  videos: 'Search in',
  noVideos: 'This project has no other video. Add one to search in it.',
  addVideo: 'Add video…',
  search: 'Search',
  searchTip: 'Looks about once a second and in every shot',
  searching: (done: number, total: number) => `Searching, ${done} / ${total} pictures`,
  waiting: 'Waiting for another search',
  stop: 'Stop',
  again: 'Search again',
  failed: 'The search failed.',
  cancelled: 'The search was stopped. What was found can be taken.',
  none: 'Nothing like it was found.',
  hits: 'Found',
  hit: (object: string, video: string, frame: number) => `${object} in ${video}, frame ${frame}`,
  frame: (frame: number) => `frame ${frame}`,
  confidence: (score: string) => `confidence ${score}`,
  take: (hit: string) => `Take ${hit}`,
  accept: (count: number) => (count === 1 ? 'Take 1 and track' : `Take ${count} and track`),
  acceptTip: 'Each becomes a keyframe of its object and is tracked both ways. Undo takes it back.',
  accepted: (count: number) =>
    count === 1 ? '1 hit was taken and is tracked now.' : `${count} hits were taken and are tracked now.`,
}
