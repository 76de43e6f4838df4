// The decoder's place in a packet. Each layer reads its header here, moves `at` to the byte after it, narrows the end, and answers
// what follows (next.ts). A layer that cannot go on says why in `reason`, and nothing follows. No layer throws, and no layer reads
// a byte at or after `end`.
import { NO_BYTES } from '../base/bytes.ts'
import { nameLinkType } from './link-types.ts'
import { Next } from './next.ts'

/** The longest IP packet that segmentation offload makes without a usable length (Linux: GSO_MAX_SIZE). */
const LONGEST_OFFLOADED = 8 * 65535

/**
 * Why the walk ended. `unread`: nothing is wrong. `unsupported`: a link type without a reader. `closed`: a tunnel whose inside cannot
 * be read. `truncated`: the snapshot length cut a header. `malformed`: a header contradicts itself.
 */
export type ReasonKind = 'unread' | 'unsupported' | 'closed' | 'truncated' | 'malformed'

/** The place in a packet, and what the layers before it said. One object, reused for every packet. */
export class Cursor {
  bytes: Uint8Array = NO_BYTES
  /** The next byte to read. */
  at = 0
  /** Where the captured bytes of the current layer end. */
  end = 0
  /** Where the current layer ended on the wire; never before `end`. */
  wireEnd = 0
  /** True inside a tunnel, where a mirror may have cut the packet before it was captured. */
  tunnelled = false
  /** True if an IP length claims more bytes than were on the wire. */
  overlong = false
  /** IP headers read so far. */
  ipHeaders = 0
  /** How many captured packets brought these bytes: more than one if they were put together from fragments. */
  packets = 1

  /** IP version of the innermost IP header; `addresses` are its addresses. Both as in `Segment`. */
  family: 4 | 6 = 4
  readonly addresses: Int32Array = new Int32Array(8)
  /** IP protocol number of what is at `at`. */
  protocol = 0
  /** If `at` is at a fragment of an IP packet, these three describe it. */
  identification = 0
  /** In bytes. */
  fragmentOffset = 0
  moreFragments = false

  /** Why the walk ended: a few English words, which are the key in `skipped`. */
  reason = ''
  reasonKind: ReasonKind = 'unread'
  /** The LINKTYPE_ value without a reader, if that is why. */
  linkType = 0

  /** Starts a packet: `[start, end)` was captured of the `wireLength` bytes on the wire. */
  begin(bytes: Uint8Array, start: number, end: number, wireLength: number): void {
    this.bytes = bytes
    this.at = start
    this.end = end
    this.wireEnd = Math.max(end, start + wireLength)
    this.tunnelled = false
    this.overlong = false
    this.ipHeaders = 0
    this.packets = 1
  }

  /** Whether `length` captured bytes are left. If not, the reason names `header` as truncated or malformed. */
  has(length: number, header: string): boolean {
    if (this.end - this.at >= length) return true
    if (this.wireEnd - this.at >= length) this.truncated(header)
    else this.malformed(header)
    return false
  }

  /** The current layer ends at `end`, if not earlier. */
  narrow(end: number): void {
    if (end >= this.wireEnd) return
    this.wireEnd = end
    if (end < this.end) this.end = end
  }

  /**
   * The IP packet has `length` bytes from `at` on, as its header says. The header decides, not the frame's length, which includes
   * Ethernet's padding. 0 means the rest of the packet: segmentation offload leaves the field to the network card. A packet
   * cannot be longer than it was on the wire, except in a tunnel: a traffic mirror cuts packets before it wraps them, so there
   * the rest counts as not captured.
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

  /** Ends the walk: there is no TCP here, or none that framewalk reads. Always answers that nothing follows. */
  skip(reason: string): typeof Next.nothing {
    this.reason = reason
    this.reasonKind = 'unread'
    return Next.nothing
  }

  /** Ends the walk: nothing reads packets of this link type. Always answers that nothing follows. */
  unsupported(linkType: number): typeof Next.nothing {
    this.linkType = linkType
    this.reason = `unsupported link type ${nameLinkType(linkType)}`
    this.reasonKind = 'unsupported'
    return Next.nothing
  }

  /** Ends the walk: there may be TCP in this tunnel, but it is encrypted or compressed. Always answers that nothing follows. */
  encrypted(tunnel: string): typeof Next.nothing {
    this.reason = tunnel
    this.reasonKind = 'closed'
    return Next.nothing
  }

  /** Ends the walk: the snapshot length cut the header. Always answers that nothing follows. */
  truncated(header: string): typeof Next.nothing {
    this.reason = `truncated ${header}`
    this.reasonKind = 'truncated'
    return Next.nothing
  }

  /** Ends the walk: the header contradicts itself or the packet. Always answers that nothing follows. */
  malformed(header: string): typeof Next.nothing {
    this.reason = `malformed ${header}`
    this.reasonKind = 'malformed'
    return Next.nothing
  }
}
