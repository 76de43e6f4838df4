// What the reader of a capture needs of a decoder for compressed files. Types only: each format has a decoder of this shape.
import type { CaptureFile } from '../base/events.ts'
import type { Damage } from './damage.ts'

/** How a capture is compressed. */
export type Compression = NonNullable<CaptureFile['compression']>

/** Unpacks one file: push bytes, and call `next` until it returns undefined. */
export interface Unpacker {
  readonly compression: Compression
  /** Where and how the data is damaged; its offset counts the compressed bytes. Nothing comes out after it. */
  readonly damage: Damage | undefined
  /** Bytes of memory that it takes. */
  readonly held: number
  /** Takes the next compressed bytes. Once `next` has returned undefined, their memory is not used any more. */
  push(chunk: Uint8Array): void
  /**
   * The next unpacked bytes, in memory of their own; undefined if more bytes are needed, or nothing more will
   * come.
   */
  next(): Uint8Array | undefined
  /** No more bytes will come. More may come out: go on calling `next`. */
  end(): void
  /** Frees the memory. Nothing more comes out. */
  close(): void
}
