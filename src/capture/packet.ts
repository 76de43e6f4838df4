// What capture/ hands on: one record for each captured packet.
import type { Time } from '../base/stream.ts'

/**
 * A captured packet. The record is valid until the reader is asked for the next one, its bytes until more of the file is read.
 * Copy what you keep longer.
 */
export interface Packet {
  /** 1-based over all files, as Wireshark counts. The merge sets it, in the order of time. */
  number: number
  /** Undefined if the file has none (pcapng's Simple Packet Block), or one that is beyond the calendar. */
  time: Time | undefined
  /** A LINKTYPE_ value as in the file (1 is Ethernet). */
  linkType: number
  /** The captured bytes are `bytes[start … end)`, a view of what was read. Never write to it. */
  bytes: Uint8Array
  start: number
  end: number
  /** Length on the wire in bytes; more than `end - start` if the snapshot length cut the packet. */
  originalLength: number
}
