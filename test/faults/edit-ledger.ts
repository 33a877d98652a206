import type { Page } from '@playwright/test'
import type { ProjectChange } from '../../electron/contract/changes.ts'
import { commands } from '../../electron/contract/commands.ts'
import type { EventMessage, RequestMessage, ResponseMessage } from '../../electron/contract/messages.ts'
import type { Project } from '../../electron/contract/project.ts'
import type { FrameMask } from '../../electron/contract/tracking.ts'
import {
  applyProjectChange,
  NO_RECORDS,
  recordsOf,
  type ProjectRecords,
} from '../../renderer/stores/project-records.ts'
import type { SocketWindow } from '../fixtures/hosts/socket-window.ts'

/**
 * All that was said of the project: what a page's calls were answered, and what a window beside it heard, which lives on
 * when the page is killed. All of it must be on disk.
 */
export class EditLedger {
  revision = 0
  records: ProjectRecords = NO_RECORDS
  /** Edits of the page that were answered with success. */
  acknowledged = 0
  /** Answers and masks that came, and masks that a tracking run made. */
  heard = 0
  tracked = 0
  /** Newest mask that was told of each object and frame, by `objectId:frameIndex`. */
  readonly #masks = new Map<string, FrameMask>()
  #isOpen = false
  readonly #underWay = new Map<number, RequestMessage>()

  /** Listens to a page from its first message on, and to a window that asks for the project next; later answers are not believed. */
  constructor(page: Page, window: SocketWindow) {
    window.socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as EventMessage | ResponseMessage
      if ('event' in message) this.#hear(message)
      else if (message.ok) this.#open((message.result as { project?: Project | null }).project)
    })
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        const request = JSON.parse(String(payload)) as RequestMessage
        this.#underWay.set(request.id, request)
      })
      socket.on('framereceived', ({ payload }) => {
        const message = JSON.parse(String(payload)) as EventMessage | ResponseMessage
        if (!('event' in message)) this.#settle(message)
      })
    })
  }

  /** Edits that were sent and not answered: they may be on disk or not, but nothing in between. */
  get unansweredEdits(): RequestMessage[] {
    return [...this.#underWay.values()].filter(({ command }) => commands[command].mutates)
  }

  /** Masks that are the present ones of their frames, and not hidden because the person called the object absent. */
  get presentMasks(): FrameMask[] {
    const spans = [...this.records.spans.values()]
    const absent = [...this.records.presence.values()].filter(({ presence }) => presence === 'absent')
    return [...this.#masks.values()].filter(
      (mask) =>
        spans.some((span) => span.versionId === mask.versionId && isOver(span, mask)) &&
        !absent.some((range) => isOver(range, mask)),
    )
  }

  #settle(message: ResponseMessage): void {
    const request = this.#underWay.get(message.id)
    this.#underWay.delete(message.id)
    if (!message.ok || request === undefined || !commands[request.command].mutates) return
    this.heard++
    this.acknowledged++
    this.revision = Math.max(this.revision, (message.result as { revision: number }).revision)
  }

  #hear(message: EventMessage): void {
    switch (message.event) {
      case 'project.changed':
        this.#change(message.payload)
        return
      case 'masks.updated':
        this.heard++
        for (const mask of message.payload.masks) {
          this.#masks.set(`${mask.objectId}:${mask.frameIndex}`, mask)
          if (this.records.versions.get(mask.versionId)?.origin === 'track') this.tracked++
        }
        return
      default:
    }
  }

  #open(project: Project | null | undefined): void {
    if (project === null || project === undefined || this.#isOpen) return
    this.#isOpen = true
    this.records = recordsOf(project)
    this.revision = Math.max(this.revision, project.revision)
  }

  #change(change: ProjectChange): void {
    this.records = applyProjectChange(this.records, change)
    this.revision = Math.max(this.revision, change.revision)
  }
}

interface Range {
  readonly videoId: number
  readonly objectId: number
  readonly first: number
  readonly last: number
}

function isOver(range: Range, mask: FrameMask): boolean {
  return (
    range.videoId === mask.videoId &&
    range.objectId === mask.objectId &&
    range.first <= mask.frameIndex &&
    mask.frameIndex <= range.last
  )
}
