import type { FrameRecord } from './frame-record.ts'

/** Records by frame index. It owns their memories: what is replaced or deleted gives its place on the device back. */
export class FrameRecords extends Map<number, FrameRecord> {
  override set(frameIndex: number, record: FrameRecord): this {
    const before = this.get(frameIndex)?.memory
    if (before !== record.memory) before?.dispose()
    return super.set(frameIndex, record)
  }

  override delete(frameIndex: number): boolean {
    this.get(frameIndex)?.memory?.dispose()
    return super.delete(frameIndex)
  }

  override clear(): void {
    for (const { memory } of this.values()) memory?.dispose()
    super.clear()
  }

  /** Removes a record and hands it, memory and all, to the caller. */
  take(frameIndex: number): FrameRecord | undefined {
    const record = this.get(frameIndex)
    super.delete(frameIndex)
    return record
  }
}
