/* global document, window, Worker, MutationObserver, requestAnimationFrame, KeyboardEvent */
// Runs in the page before the studio does and notes when things happen, in milliseconds of the page's clock. The studio
// itself is as it always is. Methods are called by measures.ts.

class Probe {
  /** The last press of the pointer, the mask that the page was told after it, and when that was drawn. */
  pressedAt = 0
  toldAt = 0
  drawnAt = 0
  /** Fetches under way, and when the last one began or ended. */
  fetching = 0
  fetchedAt = 0
  /** Frames of the film as they came onto the stage. */
  shown = []
  /** Between two pictures of the screen, while recording. */
  #frameTimesMs = []
  #isRecording = false

  constructor() {
    window.addEventListener('pointerdown', (event) => (this.pressedAt = event.timeStamp), true)
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const frameIndex = Number(target.dataset.shownFrame)
        if (Number.isFinite(frameIndex)) this.shown.push({ frameIndex, at: performance.now() })
      }
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-shown-frame'] })
    let before = performance.now()
    const tick = (now) => {
      if (this.#isRecording) this.#frameTimesMs.push(now - before)
      before = now
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  }

  /** The first picture of the film after the one that was noted last. */
  async pictureAfter(frameIndex) {
    await this.#until(() => (this.shown.at(-1)?.frameIndex ?? -1) > frameIndex)
  }

  /** The mask of the last click; milliseconds from the press to the mask in the page and to the mask drawn. */
  async maskOfClick() {
    await this.#until(() => this.drawnAt > this.pressedAt)
    return [this.toldAt - this.pressedAt, this.drawnAt - this.pressedAt]
  }

  /** Nothing was fetched for a while. */
  async settled() {
    await this.#until(() => this.fetching === 0 && performance.now() - this.fetchedAt > 120)
  }

  #until(isSo) {
    const endsAt = performance.now() + 60_000
    return new Promise((resolve, reject) => {
      const look = () => {
        if (isSo()) resolve()
        else if (performance.now() > endsAt) reject(new Error(`Waited too long for ${isSo}`))
        else requestAnimationFrame(look)
      }
      look()
    })
  }

  startRecording() {
    this.#frameTimesMs = []
    this.#isRecording = true
  }

  stopRecording() {
    this.#isRecording = false
    // The first one began before there was anything to record.
    return this.#frameTimesMs.slice(1)
  }

  noteTold() {
    if (this.toldAt < this.pressedAt) this.toldAt = performance.now()
  }

  noteDrawn() {
    if (this.toldAt > this.pressedAt && this.drawnAt < this.pressedAt) this.drawnAt = performance.now()
  }

  /** Types a frame number; milliseconds until that frame is painted. */
  seek(frameIndex) {
    return new Promise((resolve) => {
      const stage = document.querySelector('[data-testid=stage]')
      const input = document.querySelector('input.frame')
      const startedAt = performance.now()
      const look = () => {
        if (stage.dataset.shownFrame !== String(frameIndex)) return
        observer.disconnect()
        // What was set is drawn before the next picture of the screen; the message comes after it.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve(performance.now() - startedAt)
          port2.postMessage(null)
        })
      }
      const observer = new MutationObserver(look)
      observer.observe(stage, { attributes: true, attributeFilter: ['data-shown-frame'] })
      input.focus()
      input.value = String(frameIndex)
      input.dispatchEvent(new Event('input', { bubbles: true }))
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
      look()
    })
  }
}

const probe = new Probe()
window.probe = probe
window.Worker = class extends Worker {
  constructor(...parts) {
    super(...parts)
    this.addEventListener('message', () => probe.noteDrawn())
  }
}
window.WebSocket = class extends WebSocket {
  constructor(...parts) {
    super(...parts)
    this.addEventListener('message', ({ data }) => {
      if (String(data).startsWith('{"event":"masks.updated"')) probe.noteTold()
    })
  }
}
const { fetch } = window
window.fetch = async (...parts) => {
  probe.fetching++
  probe.fetchedAt = performance.now()
  try {
    return await fetch(...parts)
  } finally {
    probe.fetching--
    probe.fetchedAt = performance.now()
  }
}
