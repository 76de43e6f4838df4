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

/** A classic pcap file. Its times are cut off to microseconds. */
export function pcapFile(packets: readonly WrittenPacket[]): Uint8Array {
  const records = packets.map(({ time, bytes, originalLength }) => {
    const microseconds = Math.floor(time.nanoseconds / 1000)
    return concat([words(time.seconds, microseconds, bytes.length, originalLength), bytes])
  })
  return concat([words(0xa1b2c3d4, 0x00040002, 0, 0, SNAPSHOT_LENGTH, LINKTYPE_ETHERNET), ...records])
}

/** A pcapng file of one section and one interface, with times in nanoseconds. */
export function pcapngFile(packets: readonly WrittenPacket[]): Uint8Array {
  const unknownLength = 0xffffffff
  const section = block(0x0a0d0d0a, words(0x1a2b3c4d, 1, unknownLength, unknownLength))
  const nanoseconds = words(0x00010009, 9, 0)
  const description = block(1, words(LINKTYPE_ETHERNET, SNAPSHOT_LENGTH), nanoseconds)
  const blocks = packets.map(({ time, bytes, originalLength }) => {
    const stamp = BigInt(time.seconds) * 1_000_000_000n + BigInt(time.nanoseconds)
    const high = Number(stamp >> 32n)
    const low = Number(stamp & 0xffffffffn)
    return block(6, words(0, high, low, bytes.length, originalLength), bytes)
  })
  return concat([section, description, ...blocks])
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
