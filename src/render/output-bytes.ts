// Output as bytes, in batches that are used again: text put together as strings, a thousand pieces to a batch, costs the garbage collector a
// third of the time that a table takes.
import type { Write } from './renderer.ts'

const BATCH = 64 * 1024
/** Batches kept for use again. New ones all the time would have the garbage collector mark all that is alive, every 32 MiB. */
const MOST_FREE = 16
/** What a store of whole words may write behind what it is for. */
const SLACK = 8
const SPACE = 0x20
/** Beyond it the runtime's UTF-8 is faster than a loop. Called for each cell of a table, it takes half of the table's time. */
const SHORT = 128

/** Collects bytes and writes them batch by batch. */
export class OutputBytes {
  protected bytes: Buffer<ArrayBuffer> = Buffer.allocUnsafe(BATCH)
  protected view = viewOf(this.bytes)
  /** Where in the batch the next byte goes. */
  protected at = 0
  private readonly write: Write
  /** Written, to be used again. */
  private readonly free: Buffer<ArrayBuffer>[] = []

  constructor(write: Write) {
    this.write = write
  }

  /** Makes room for so many bytes (less than a batch by 1 KiB), for the calls that need it. */
  reserve(size: number): void {
    if (this.at + size + SLACK > BATCH) this.flush()
  }

  /** Writes what is there. */
  flush(): void {
    if (this.at === 0) return
    const { bytes, free } = this
    this.write(bytes.subarray(0, this.at), () => {
      if (free.length < MOST_FREE) free.push(bytes)
    })
    this.bytes = free.pop() ?? Buffer.allocUnsafe(BATCH)
    this.view = viewOf(this.bytes)
    this.at = 0
  }

  /** Any text, as UTF-8. */
  text(text: string): void {
    const { length } = text
    if (length * 3 > BATCH - SLACK) {
      this.flush()
      this.write(Buffer.from(text))
      return
    }
    this.reserve(length * 3)
    this.at = this.encode(text, this.at)
  }

  /** What stands before a cell, spaces, its text, and spaces: in one step, since a row has ten of them. */
  padded(edge: Uint8Array, before: number, text: string, after: number): void {
    const { length } = edge
    const size = length + before + text.length * 3 + after
    if (size > BATCH - SLACK) {
      this.text(Buffer.from(edge).toString() + ' '.repeat(before) + text + ' '.repeat(after))
      return
    }
    this.reserve(size)
    const { bytes } = this
    let { at } = this
    for (let i = 0; i < length; i++) bytes[at++] = edge[i]!
    for (let i = 0; i < before; i++) bytes[at++] = SPACE
    at = this.encode(text, at)
    for (let i = 0; i < after; i++) bytes[at++] = SPACE
    this.at = at
  }

  /** Writes a text for which there is room; where it ends. */
  private encode(text: string, start: number): number {
    const { bytes } = this
    const { length } = text
    if (length > SHORT) return start + bytes.write(text, start)
    let at = start
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit < 0x80) bytes[at++] = unit
      else if (unit < 0x800) {
        bytes[at++] = 0xc0 | (unit >> 6)
        bytes[at++] = 0x80 | (unit & 0x3f)
      } else if (unit < 0xd800 || unit > 0xdfff) {
        bytes[at++] = 0xe0 | (unit >> 12)
        bytes[at++] = 0x80 | ((unit >> 6) & 0x3f)
        bytes[at++] = 0x80 | (unit & 0x3f)
      } else return at + bytes.write(text.slice(i), at)
    }
    return at
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
