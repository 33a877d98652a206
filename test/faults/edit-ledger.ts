import type { Page } from '@playwright/test'
import { commands } from '../../electron/contract/commands.ts'
import type { ProjectChange } from '../../electron/contract/changes.ts'
import type { EventMessage, RequestMessage, ResponseMessage } from '../../electron/contract/messages.ts'
import type { Project } from '../../electron/contract/project.ts'
import type { FrameMask } from '../../electron/contract/tracking.ts'
import {
  applyProjectChange,
  NO_RECORDS,
  recordsOf,
  type ProjectRecords,
} from '../../renderer/stores/project-records.ts'

/** What the host has told a page of the project, read from the page's own line: all of it must be on disk. */
export class EditLedger {
  revision = 0
  records: ProjectRecords = NO_RECORDS
  /** Newest mask that was told of each object and frame, by `objectId:frameIndex`. */
  readonly masks = new Map<string, FrameMask>()
  /** Edits that were answered with success. */
  acknowledged = 0
  /** Answers and events that came, of whatever kind. */
  heard = 0
  readonly #underWay = new Map<number, RequestMessage>()

  /** Listens to a page from its first message on. */
  constructor(page: Page) {
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        const request = JSON.parse(String(payload)) as RequestMessage
        this.#underWay.set(request.id, request)
      })
      socket.on('framereceived', ({ payload }) => {
        const message = JSON.parse(String(payload)) as EventMessage | ResponseMessage
        if ('event' in message) this.#hear(message)
        else this.#settle(message)
      })
    })
  }

  /** Masks that are the present ones of their frames, as far as the page was told. */
  get presentMasks(): FrameMask[] {
    const spans = [...this.records.spans.values()]
    return [...this.masks.values()].filter(({ videoId, objectId, frameIndex, versionId }) =>
      spans.some(
        (span) =>
          span.videoId === videoId &&
          span.objectId === objectId &&
          span.versionId === versionId &&
          span.first <= frameIndex &&
          frameIndex <= span.last,
      ),
    )
  }

  /** Edits that were sent and not answered: they may be on disk or not, but nothing in between. */
  get unansweredEdits(): RequestMessage[] {
    return [...this.#underWay.values()].filter(({ command }) => commands[command].mutates)
  }

  #settle(message: ResponseMessage): void {
    const request = this.#underWay.get(message.id)
    this.#underWay.delete(message.id)
    if (!message.ok || request === undefined) return
    if (request.command === 'project.current')
      this.#open((message.result as { project: Project | null }).project)
    if (!commands[request.command].mutates) return
    this.heard++
    this.acknowledged++
    this.revision = Math.max(this.revision, (message.result as { revision: number }).revision)
  }

  #hear(message: EventMessage): void {
    switch (message.event) {
      case 'project.opened':
        this.#open(message.payload.project)
        return
      case 'project.changed':
        this.#change(message.payload)
        return
      case 'masks.updated':
        this.heard++
        for (const mask of message.payload.masks) this.masks.set(`${mask.objectId}:${mask.frameIndex}`, mask)
        return
      default:
    }
  }

  #open(project: Project | null): void {
    if (project === null) return
    this.records = recordsOf(project)
    this.revision = project.revision
  }

  #change(change: ProjectChange): void {
    this.records = applyProjectChange(this.records, change)
    this.revision = Math.max(this.revision, change.revision)
  }
}
