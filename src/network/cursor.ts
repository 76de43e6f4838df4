// Where the decoder stands in a packet: every layer reads its header here, moves `at` behind it and narrows the end. A layer that
// cannot go on says why in `reason` and answers false; none of them throws, and none reads a byte at or behind `end`.
import { NO_BYTES } from '../base/bytes.ts'

/** Longest IP packet without a usable length that segmentation offload makes (Linux: GSO_MAX_SIZE). */
const LONGEST_OFFLOADED = 8 * 65535

/** What kind of end a reason is: nothing wrong, cut by the snapshot length, or inconsistent in itself. */
export type ReasonKind = 'unread' | 'truncated' | 'malformed'

/** The place in a packet, and what the layers before it said. One object, reused for every packet. */
export class Cursor {
  bytes: Uint8Array = NO_BYTES
  /** The next byte to read. */
  at = 0
  /** The captured bytes of the current layer end here. */
  end = 0
  /** The current layer ended here on the wire; never before `end`. */
  wireEnd = 0
  /** True inside a tunnel, where a mirror may have cut the packet before it was captured. */
  tunnelled = false
  /** True where an IP length claims more bytes than were on the wire. */
  overlong = false
  /** True where `at` is the first of several MSDUs that 802.11 packed into one frame (A-MSDU). */
  aggregated = false
  /** Captured packets that brought these bytes: more than one where they were put together from fragments. */
  packets = 1

  /** Of the innermost IP header, as in `Segment`. */
  family: 4 | 6 = 4
  readonly addresses: Int32Array = new Int32Array(8)
  /** IP protocol number of what is at `at`. */
  protocol = 0
  /** True where `at` is a fragment of an IP packet, which the four fields below describe. */
  fragmented = false
  identification = 0
  /** Bytes. */
  fragmentOffset = 0
  moreFragments = false

  /** Why the walk ended: a few English words, the key in `skipped`. */
  reason = ''
  reasonKind: ReasonKind = 'unread'

  /** Starts a packet: captured `[start, end)`, `wireLength` bytes on the wire. */
  begin(bytes: Uint8Array, start: number, end: number, wireLength: number): void {
    this.bytes = bytes
    this.at = start
    this.end = end
    this.wireEnd = Math.max(end, start + wireLength)
    this.tunnelled = false
    this.overlong = false
    this.aggregated = false
    this.packets = 1
  }

  /** True where `length` captured bytes are left; else the reason names `header` as truncated or malformed. */
  has(length: number, header: string): boolean {
    if (this.end - this.at >= length) return true
    return this.wireEnd - this.at >= length ? this.truncated(header) : this.malformed(header)
  }

  /** Nothing behind `end` belongs to the current layer. */
  narrow(end: number): void {
    if (end >= this.wireEnd) return
    this.wireEnd = end
    if (end < this.end) this.end = end
  }

  /**
   * The IP packet is `length` bytes from `at` on, as its header says: that decides, not the frame's length (which counts Ethernet's
   * padding). 0 means the rest of the packet: segmentation offload leaves the field to the network card. What was on the wire bounds it,
   * except in a tunnel: a traffic mirror cuts packets before it wraps them, so there the rest counts as not captured.
   */
  claim(length: number): void {
    const end = this.at + length
    if (length === 0) {
      this.narrow(Math.max(this.end, this.at + LONGEST_OFFLOADED))
    } else if (end <= this.wireEnd) {
      this.narrow(end)
    } else if (this.tunnelled) {
      this.wireEnd = end
    } else {
      this.overlong = true
    }
  }

  /** Ends the walk: there is no TCP here, or none that framewalk reads. Always false. */
  skip(reason: string): false {
    this.reason = reason
    this.reasonKind = 'unread'
    return false
  }

  /** Ends the walk: the snapshot length cut the header. Always false. */
  truncated(header: string): false {
    this.reason = `truncated ${header}`
    this.reasonKind = 'truncated'
    return false
  }

  /** Ends the walk: the header contradicts itself or the packet. Always false. */
  malformed(header: string): false {
    this.reason = `malformed ${header}`
    this.reasonKind = 'malformed'
    return false
  }
}
