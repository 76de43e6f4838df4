// What network/ hands on: one record for each TCP segment.
import type { Time } from '../base/stream.ts'

/** TCP header flags, as their bits in the header's 14th byte (RFC 9293 §3.1). */
export const TcpFlag = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const

/** A TCP segment. One object is used for all segments: it is valid until the push that carries it returns. */
export interface Segment {
  /** IP version. */
  family: 4 | 6
  /**
   * Big-endian 32-bit words: the source in words 0 … 3, the destination in words 4 … 7. IPv4 uses words 3 and 7; the others are
   * zero.
   */
  addresses: Int32Array
  sourcePort: number
  destinationPort: number
  /** 0 … 2^32-1. */
  sequence: number
  /** 0 … 2^32-1; only valid if the ACK flag is set. */
  acknowledgment: number
  /** The bits of `TcpFlag`. */
  flags: number
  /** As in the header, not scaled. */
  window: number
  /** The captured payload is `bytes[start … end)`. */
  bytes: Uint8Array
  start: number
  end: number
  /** How many payload bytes after `end` were on the wire (by the IP length) but not captured: the snapshot length cut them. */
  cut: number
  /** Number of the packet that completed it; if IP was fragmented, of the last fragment to come. `time` is that packet's. */
  packet: number
  time: Time | undefined
}
