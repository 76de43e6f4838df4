// Writes captures of any size: Ethernet, IPv4 and TCP around given bytes, into a classic pcap or a pcapng file.
import { closeSync, openSync, writeSync } from 'node:fs'
import { TcpFlag } from '../../src/network/segment.ts'

const BUFFER = 4 * 1024 * 1024
const HEADERS = 14 + 20 + 20
const LINKTYPE_ETHERNET = 1
/** A packet every 10 µs. */
const TICK_MICROSECONDS = 10

export type CaptureFormat = 'pcap' | 'pcapng'

/** One side of a TCP connection: what it will send next. */
export interface Peer {
  /** The last two bytes of 10.0.x.x, and the one before them. */
  readonly host: number
  readonly port: number
  sequence: number
}

/** A segment's numbers, if they differ from what comes next. */
export interface SegmentOptions {
  readonly flags?: number
  readonly sequence?: number
}

/** A capture file that grows packet by packet. */
export class CaptureWriter {
  /** Packets written so far. */
  packets = 0
  readonly #file: number
  readonly #format: CaptureFormat
  readonly #buffer = Buffer.alloc(BUFFER)
  #length = 0

  constructor(path: string, format: CaptureFormat) {
    this.#file = openSync(path, 'w')
    this.#format = format
    if (format === 'pcap') this.#pcapHeader()
    else this.#pcapngHeaders()
  }

  /** Writes a segment from one peer to the other; moves the sender's sequence number on unless one was given. */
  segment(from: Peer, to: Peer, payload: Uint8Array, options: SegmentOptions = {}): void {
    const sequence = options.sequence ?? from.sequence
    const flags = options.flags ?? TcpFlag.ack | TcpFlag.psh
    const length = HEADERS + payload.length
    if (this.#length + length + 64 > BUFFER) this.#flush()
    this.#recordHeader(length)
    const at = this.#length
    const buffer = this.#buffer
    buffer.fill(0, at, at + HEADERS)
    buffer.writeUInt16BE(0x0800, at + 12)
    const ip = at + 14
    buffer[ip] = 0x45
    buffer.writeUInt16BE(40 + payload.length, ip + 2)
    buffer[ip + 8] = 64
    buffer[ip + 9] = 6
    buffer.writeUInt32BE(0x0a000000 + from.host, ip + 12)
    buffer.writeUInt32BE(0x0a000000 + to.host, ip + 16)
    const tcp = ip + 20
    buffer.writeUInt16BE(from.port, tcp)
    buffer.writeUInt16BE(to.port, tcp + 2)
    buffer.writeUInt32BE(sequence >>> 0, tcp + 4)
    buffer.writeUInt32BE((flags & TcpFlag.ack) === 0 ? 0 : to.sequence >>> 0, tcp + 8)
    buffer[tcp + 12] = 0x50
    buffer[tcp + 13] = flags
    buffer.writeUInt16BE(0xffff, tcp + 14)
    buffer.set(payload, tcp + 20)
    this.#length += length
    if (this.#format === 'pcapng') this.#blockEnd(length)
    this.packets++
    const counts = (flags & (TcpFlag.syn | TcpFlag.fin)) === 0 ? 0 : 1
    if (options.sequence === undefined) from.sequence = (from.sequence + payload.length + counts) >>> 0
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #pcapHeader(): void {
    this.#words([0xa1b2c3d4, 0x00040002, 0, 0, 262_144, LINKTYPE_ETHERNET])
  }

  #pcapngHeaders(): void {
    this.#words([0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28])
    this.#words([1, 20, LINKTYPE_ETHERNET, 262_144, 20])
  }

  #recordHeader(length: number): void {
    const microseconds = this.packets * TICK_MICROSECONDS
    const seconds = 1_790_000_000 + Math.floor(microseconds / 1_000_000)
    if (this.#format === 'pcap') {
      this.#words([seconds, microseconds % 1_000_000, length, length])
    } else {
      const time = BigInt(seconds) * 1_000_000n + BigInt(microseconds % 1_000_000)
      const total = 32 + ((length + 3) & ~3)
      this.#words([6, total, 0, Number(time >> 32n), Number(time & 0xffffffffn), length, length])
    }
  }

  #blockEnd(length: number): void {
    const padding = -length & 3
    this.#buffer.fill(0, this.#length, this.#length + padding)
    this.#length += padding
    this.#words([32 + length + padding])
  }

  #words(words: readonly number[]): void {
    for (const word of words) {
      this.#buffer.writeUInt32LE(word >>> 0, this.#length)
      this.#length += 4
    }
  }

  #flush(): void {
    writeSync(this.#file, this.#buffer, 0, this.#length)
    this.#length = 0
  }
}
