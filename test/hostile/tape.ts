// A capture file that is made as it is read, packet by packet, and never held as a whole: for hostile captures of any size.
import { TcpFlag } from '../../src/network/segment.ts'

/** Bytes handed on at a time, as by a pipe. */
const PIECE = 64 * 1024
const ETHERNET = 14
const IPV4 = 20
const TCP = 20

export const NO_PAYLOAD: Uint8Array = new Uint8Array(0)

/** A TCP segment. */
export interface SegmentFields {
  /** Which connection: gives both ends their addresses and ports. */
  readonly connection: number
  /** Who sends it; the client unless said otherwise. */
  readonly from?: 'client' | 'server'
  readonly sequence: number
  readonly acknowledgment?: number
  /** ACK and PSH unless given. */
  readonly flags?: number
  readonly payload?: Uint8Array
  /** How many more payload bytes the segment had on the wire, which the snapshot length cut off. */
  readonly cut?: number
}

/** Collects packets as the bytes of a classic pcap file; they lie a microsecond apart. */
export class Tape {
  #bytes = new Uint8Array(4 * PIECE)
  #view = new DataView(this.#bytes.buffer)
  #length = 0
  #packets = 0

  /** `linkType`: a LINKTYPE_ value; Ethernet unless given. Null: a tape without a file header. */
  constructor(linkType: number | null = 1) {
    if (linkType !== null) this.words(0xa1b2c3d4, 0x00040002, 0, 0, 262_144, linkType)
  }

  /** True once a piece should be taken. */
  get full(): boolean {
    return this.#length >= PIECE
  }

  /** What was written since the last call. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length)
    this.#length = 0
    return taken
  }

  /** Little-endian words, as they are. */
  words(...words: readonly number[]): void {
    this.#reserve(words.length * 4)
    for (const word of words) {
      this.#view.setUint32(this.#length, word >>> 0, true)
      this.#length += 4
    }
  }

  /** Bytes, as they are. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** A captured packet, of which the snapshot length cut off the last `cut` bytes. */
  packet(bytes: Uint8Array, cut = 0): void {
    this.#recordHeader(bytes.length, cut)
    this.raw(bytes)
  }

  /** An Ethernet frame with an IPv4 packet with a TCP segment. */
  segment(fields: SegmentFields): void {
    const {
      connection,
      from = 'client',
      sequence,
      acknowledgment = 0,
      payload = NO_PAYLOAD,
      cut = 0,
    } = fields
    const length = ETHERNET + IPV4 + TCP + payload.length
    this.#recordHeader(length, cut)
    this.#reserve(length)
    const at = this.#length
    const view = this.#view
    this.#bytes.fill(0, at, at + ETHERNET + IPV4 + TCP)
    view.setUint16(at + 12, 0x0800)
    const ip = at + ETHERNET
    view.setUint16(ip, 0x4500)
    view.setUint16(ip + 2, IPV4 + TCP + payload.length + cut)
    view.setUint16(ip + 8, 0x4006)
    const client = 0x0a01_0000 + Math.floor(connection / 50_000)
    const server = 0x0a00_0002
    view.setUint32(ip + 12, from === 'client' ? client : server)
    view.setUint32(ip + 16, from === 'client' ? server : client)
    const tcp = ip + IPV4
    const port = 10_000 + (connection % 50_000)
    view.setUint16(tcp, from === 'client' ? port : 8765)
    view.setUint16(tcp + 2, from === 'client' ? 8765 : port)
    view.setUint32(tcp + 4, sequence >>> 0)
    view.setUint32(tcp + 8, acknowledgment >>> 0)
    view.setUint8(tcp + 12, 0x50)
    view.setUint8(tcp + 13, fields.flags ?? TcpFlag.ack | TcpFlag.psh)
    view.setUint16(tcp + 14, 0xffff)
    this.#bytes.set(payload, tcp + TCP)
    this.#length += length
  }

  #recordHeader(length: number, cut: number): void {
    const microseconds = this.#packets++
    const seconds = 1_790_000_000 + Math.floor(microseconds / 1_000_000)
    this.words(seconds, microseconds % 1_000_000, length, length + cut)
  }

  #reserve(length: number): void {
    const needed = this.#length + length
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(needed * 2)
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** Both sides of a connection as it goes on: sequence numbers count by themselves. */
export class Talk {
  readonly #tape: Tape
  readonly #connection: number
  /** Next sequence numbers of client and server. */
  client = 1000
  server = 5000

  constructor(tape: Tape, connection: number) {
    this.#tape = tape
    this.#connection = connection
  }

  /** SYN, SYN-ACK, ACK. */
  open(): this {
    this.#send('client', NO_PAYLOAD, TcpFlag.syn)
    this.#send('server', NO_PAYLOAD, TcpFlag.syn | TcpFlag.ack)
    this.#send('client', NO_PAYLOAD, TcpFlag.ack)
    return this
  }

  /** A segment with these bytes. */
  says(from: 'client' | 'server', payload: Uint8Array): this {
    return this.#send(from, payload, TcpFlag.ack | TcpFlag.psh)
  }

  /** Bytes that the capture does not hold. */
  loses(from: 'client' | 'server', length: number): this {
    this[from] = (this[from] + length) >>> 0
    return this
  }

  /** FIN from both sides. */
  close(): this {
    this.#send('client', NO_PAYLOAD, TcpFlag.fin | TcpFlag.ack)
    return this.#send('server', NO_PAYLOAD, TcpFlag.fin | TcpFlag.ack)
  }

  #send(from: 'client' | 'server', payload: Uint8Array, flags: number): this {
    const acknowledgment = (flags & TcpFlag.ack) === 0 ? 0 : from === 'client' ? this.server : this.client
    this.#tape.segment({
      connection: this.#connection,
      from,
      sequence: this[from],
      acknowledgment,
      flags,
      payload,
    })
    const counts = (flags & (TcpFlag.syn | TcpFlag.fin)) === 0 ? 0 : 1
    this[from] = (this[from] + payload.length + counts) >>> 0
    return this
  }
}
