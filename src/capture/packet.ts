// What capture/ hands on: one record a captured packet.
import type { Time } from '../base/stream.ts'

/** A captured packet. The record is valid until the reader is asked for the next one, its bytes until more of the file is read: whoever
 * keeps them longer copies them. */
export interface Packet {
  /** 1-based over all files, as Wireshark counts. Given by the merge, in the order of time. */
  number: number
  /** Undefined where the file has none (pcapng's Simple Packet Block). */
  time: Time | undefined
  /** A LINKTYPE_ value as in the file (1 is Ethernet). */
  linkType: number
  /** The captured bytes are `bytes[start … end)`: a view on what was read, never to be written to. */
  bytes: Uint8Array
  start: number
  end: number
  /** Length on the wire; more than `end - start` where the snapshot length cut the packet. */
  originalLength: number
}
