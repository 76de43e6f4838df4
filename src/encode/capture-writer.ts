// Makes a capture file of packets: classic pcap (draft-ietf-opsawg-pcap) or pcapng (draft-ietf-opsawg-pcapng), Ethernet,
// little-endian.
import { concat } from '../base/bytes.ts'
import type { Time } from '../base/stream.ts'

/** A packet of the capture. */
export interface WrittenPacket {
  readonly time: Time
  /** The bytes of it that are kept. */
  readonly bytes: Uint8Array
  readonly originalLength: number
}

const LINKTYPE_ETHERNET = 1
/** What Wireshark and tcpdump write by default. */
const SNAPSHOT_LENGTH = 262_144

/** A classic pcap file, piece by piece. Its times are cut off to microseconds. */
export function* pcapFile(packets: Iterable<WrittenPacket>): Generator<Uint8Array> {
  yield words(0xa1b2c3d4, 0x00040002, 0, 0, SNAPSHOT_LENGTH, LINKTYPE_ETHERNET)
  for (const { time, bytes, originalLength } of packets) {
    yield words(time.seconds, Math.floor(time.nanoseconds / 1000), bytes.length, originalLength)
    yield bytes
  }
}

/** A pcapng file of one section and one interface, with times in nanoseconds, piece by piece. */
export function* pcapngFile(packets: Iterable<WrittenPacket>): Generator<Uint8Array> {
  const unknownLength = 0xffffffff
  const section = block(0x0a0d0d0a, words(0x1a2b3c4d, 1, unknownLength, unknownLength))
  const nanoseconds = words(0x00010009, 9, 0)
  yield section
  yield block(1, words(LINKTYPE_ETHERNET, SNAPSHOT_LENGTH), nanoseconds)
  for (const { time, bytes, originalLength } of packets) {
    const stamp = BigInt(time.seconds) * 1_000_000_000n + BigInt(time.nanoseconds)
    const high = Number(stamp >> 32n)
    const low = Number(stamp & 0xffffffffn)
    yield block(6, words(0, high, low, bytes.length, originalLength), bytes)
  }
}

/** A block (§3.1): type, length, body padded to 32 bits, length again. */
function block(type: number, ...body: Uint8Array[]): Uint8Array {
  const content = concat(body)
  const padding = new Uint8Array(-content.length & 3)
  const length = 12 + content.length + padding.length
  return concat([words(type, length), content, padding, words(length)])
}

function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4)
  const view = new DataView(bytes.buffer)
  for (const [i, value] of values.entries()) view.setUint32(i * 4, value, true)
  return bytes
}
