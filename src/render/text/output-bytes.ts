// Output as bytes, in batches whose memory is used again. The plain version joins strings, a thousand to a batch. With it, the
// garbage collector takes a third of the time of a table. Here, in row.ts, grid.ts and json-writer.ts members are `private` and
// not `#`: with `#` a table takes 4 % longer, and NDJSON 6 % (200 000 frames).
import type { Write } from '../renderer.ts'
import { copyFew, dataViewOf, type Literal, SLACK, writeSpaces, writeText } from './spelled-bytes.ts'

const BATCH = 128 * 1024
/**
 * How many batches are kept to be used again. If each were new, the garbage collector would mark all that is alive every 32 MiB.
 */
const MOST_FREE = 16

/** Collects bytes and writes them batch by batch. */
export class OutputBytes {
  protected bytes: Buffer<ArrayBuffer> = Buffer.allocUnsafe(BATCH)
  protected view = dataViewOf(this.bytes)
  /** Where in the batch the next byte goes. */
  protected at = 0
  private readonly write: Write
  /** Batches that are written, to be used again. */
  private readonly free: Buffer<ArrayBuffer>[] = []

  constructor(write: Write) {
    this.write = write
  }

  /** Makes room for `size` bytes, at most a batch less 1 KiB, for the calls that need it. */
  reserve(size: number): void {
    if (this.at + size + SLACK > BATCH) this.flush()
  }

  /** Writes the batch. */
  flush(): void {
    if (this.at === 0) return
    const { bytes, free } = this
    this.write(bytes.subarray(0, this.at), () => {
      if (free.length < MOST_FREE) free.push(bytes)
    })
    this.bytes = free.pop() ?? Buffer.allocUnsafe(BATCH)
    this.view = dataViewOf(this.bytes)
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
    this.at = writeText(this.bytes, this.at, text)
  }

  /** A literal, and spaces. */
  literal({ view, length }: Literal, spaces = 0): void {
    this.few(view, 0, length, spaces)
  }

  /** Bytes `[start, end)` of other memory, which has room for a word after them, and then spaces. */
  few(from: DataView, start: number, end: number, spaces: number): void {
    const size = end - start + spaces
    if (size > BATCH - SLACK) {
      this.text(Buffer.from(from.buffer, from.byteOffset + start, end - start) + ' '.repeat(spaces))
      return
    }
    this.reserve(size)
    this.at = writeSpaces(this.view, copyFew(this.view, this.at, from, start, end), spaces)
  }
}
