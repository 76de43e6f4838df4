// Capture files made by hand, byte for byte, and a way to read them: for the tests of what reads captures.
import { copy } from '../../../src/base/bytes.ts'
import type { FindingEvent } from '../../../src/base/findings.ts'
import type { Packet } from '../../../src/capture/packet.ts'
import { CaptureReader } from '../../../src/capture/reader.ts'
import { nodePlatform } from '../../../src/platform/node/platform.ts'

/** Bytes written one number after the other, in either byte order. */
export class ByteWriter {
  readonly #littleEndian: boolean
  readonly #parts: Uint8Array[] = []

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian
  }

  uint16(...values: number[]): this {
    return this.#numbers(values, 2, (view, value) => view.setUint16(0, value, this.#littleEndian))
  }

  uint32(...values: number[]): this {
    return this.#numbers(values, 4, (view, value) => view.setUint32(0, value, this.#littleEndian))
  }

  int64(...values: bigint[]): this {
    for (const value of values) {
      const view = new DataView(new ArrayBuffer(8))
      view.setBigInt64(0, value, this.#littleEndian)
      this.raw(new Uint8Array(view.buffer))
    }
    return this
  }

  raw(bytes: Uint8Array | readonly number[]): this {
    this.#parts.push(Uint8Array.from(bytes))
    return this
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(Buffer.concat(this.#parts))
  }

  #numbers(values: number[], size: number, set: (view: DataView, value: number) => void): this {
    for (const value of values) {
      const view = new DataView(new ArrayBuffer(size))
      set(view, value)
      this.raw(new Uint8Array(view.buffer))
    }
    return this
  }
}

/** A packet record; lengths are right unless given. */
export interface PcapRecord {
  readonly seconds?: number
  /** Micro- or nanoseconds. */
  readonly fraction?: number
  readonly bytes: Uint8Array
  readonly originalLength?: number
  /** Captured length in the header, if it is to be wrong. */
  readonly claimedLength?: number
}

/** The fields of the file header. */
export interface PcapOptions {
  readonly littleEndian?: boolean
  readonly nanoseconds?: boolean
  /** The form that FRITZ!Boxes write: eight more bytes in each record header. */
  readonly isModified?: boolean
  readonly version?: readonly [number, number]
  readonly snapLength?: number
  /** The whole 32-bit field. */
  readonly linkType?: number
}

/** A classic pcap file. */
export function pcapFile(records: readonly PcapRecord[], options: PcapOptions = {}): Uint8Array {
  const writer = new ByteWriter(options.littleEndian ?? true)
  const magic = options.isModified ? 0xa1b2cd34 : options.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4
  const [major, minor] = options.version ?? [2, 4]
  writer.uint32(magic).uint16(major, minor)
  writer.uint32(0, 0, options.snapLength ?? 65_535, options.linkType ?? 1)
  for (const { seconds = 0, fraction = 0, bytes, originalLength, claimedLength } of records) {
    const lengths = [claimedLength ?? bytes.length, originalLength ?? bytes.length]
    writer.uint32(seconds, fraction, ...(minor < 3 ? lengths.reverse() : lengths))
    if (options.isModified) writer.uint32(2).uint16(0x0800).raw([4, 0])
    writer.raw(bytes)
  }
  return writer.bytes
}

/** Blocks of pcapng in one byte order. */
export class Blocks {
  readonly #littleEndian: boolean

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian
  }

  get writer(): ByteWriter {
    return new ByteWriter(this.#littleEndian)
  }

  /** Any block; its lengths may be wrong. */
  block(type: number, body: Uint8Array, leading?: number, trailing?: number): Uint8Array {
    const padded = [...body, ...new Array(-body.length & 3).fill(0)]
    const length = padded.length + 12
    return this.writer
      .uint32(type, leading ?? length)
      .raw(padded)
      .uint32(trailing ?? leading ?? length).bytes
  }

  option(code: number, value: Uint8Array | readonly number[]): Uint8Array {
    return this.writer
      .uint16(code, value.length)
      .raw(value)
      .raw(new Array(-value.length & 3).fill(0)).bytes
  }

  section(version: readonly [number, number] = [1, 0], options: Uint8Array = new Uint8Array()): Uint8Array {
    const body = this.writer
      .uint32(0x1a2b3c4d)
      .uint16(...version)
      .int64(-1n)
      .raw(options).bytes
    return this.block(0x0a0d0d0a, body)
  }

  interface(linkType = 1, snapLength = 0, options: readonly Uint8Array[] = []): Uint8Array {
    const writer = this.writer.uint16(linkType, 0).uint32(snapLength)
    for (const option of options) writer.raw(option)
    return this.block(1, writer.bytes)
  }

  enhanced(bytes: Uint8Array, interfaceNumber = 0, time = 0n, originalLength = bytes.length): Uint8Array {
    const [high, low] = [Number(time >> 32n), Number(time & 0xffff_ffffn)]
    const head = this.writer.uint32(interfaceNumber, high, low, bytes.length, originalLength).bytes
    return this.block(6, Uint8Array.from([...head, ...bytes]))
  }

  obsolete(bytes: Uint8Array, interfaceNumber = 0, time = 0n, originalLength = bytes.length): Uint8Array {
    const [high, low] = [Number(time >> 32n), Number(time & 0xffff_ffffn)]
    const head = this.writer
      .uint16(interfaceNumber, 0xffff)
      .uint32(high, low, bytes.length, originalLength).bytes
    return this.block(2, Uint8Array.from([...head, ...bytes]))
  }

  simple(bytes: Uint8Array, originalLength = bytes.length): Uint8Array {
    return this.block(3, this.writer.uint32(originalLength).raw(bytes).bytes)
  }

  secrets(type: number, bytes: Uint8Array): Uint8Array {
    return this.block(10, this.writer.uint32(type, bytes.length).raw(bytes).bytes)
  }
}

/** What reading a capture gave. */
export interface ReadCapture {
  /** Each with bytes of its own, from 0 on. */
  readonly packets: readonly Packet[]
  readonly findings: readonly FindingEvent[]
  /** What Decryption Secrets Blocks hold. */
  readonly secrets: readonly { readonly type: number; readonly bytes: Uint8Array }[]
  readonly reader: CaptureReader
}

/**
 * Reads a capture from its chunks. The memory of each chunk is overwritten once the reader has asked for more, as an input does
 * that reads into the same memory again.
 */
export function readChunks(chunks: Iterable<Uint8Array>, name = 'test.pcap'): ReadCapture {
  const findings: FindingEvent[] = []
  const packets: Packet[] = []
  const secrets: { type: number; bytes: Uint8Array }[] = []
  const reader = new CaptureReader(
    nodePlatform,
    name,
    (finding) => findings.push(finding),
    (type, bytes) => secrets.push({ type, bytes: copy(bytes) }),
  )
  const takeAll = () => {
    for (let packet = reader.next(); packet !== undefined; packet = reader.next()) packets.push(kept(packet))
  }
  for (const chunk of chunks) {
    const memory = copy(chunk)
    reader.push(memory)
    takeAll()
    memory.fill(0xaa)
  }
  reader.end()
  takeAll()
  return { packets, findings, secrets, reader }
}

/** Reads a capture given as a whole. */
export function readBytes(bytes: Uint8Array, name?: string): ReadCapture {
  return readChunks([bytes], name)
}

/** Parts of at most `length` bytes. */
export function* partsOf(bytes: Uint8Array, length: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

/** A packet that outlives the next one. */
export function kept(packet: Packet): Packet {
  const bytes = copy(packet.bytes, packet.start, packet.end)
  return { ...packet, bytes, start: 0, end: bytes.length }
}

/** The bytes of these parts, one after the other. */
export function bytesOf(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

/** `length` bytes that differ from one another and from those of another seed. */
export function someBytes(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + seed * 31 + 1) & 0xff)
}
