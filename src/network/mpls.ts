// In: the cursor at an MPLS label. Out: the cursor at IP or Ethernet after the last label. Labels do not say what they carry: only
// the routers know. So what is there is judged by what it looks like, as Wireshark does.
import { uint16 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { Next } from './next.ts'
import { EtherType, isKnownEtherType, isKnownIpProtocol } from './protocols.ts'

const LABEL_IS_LAST = 1
/** Without and with a control word. */
const GAPS: readonly number[] = [0, 4]

/** RFC 3032 §2.1: labels of four bytes; a bit marks the last. RFC 4385 §3: a control word of four bytes may follow. */
export function readMpls(cursor: Cursor): Next {
  for (;;) {
    if (!cursor.has(4, 'MPLS label')) return Next.nothing
    cursor.at += 4
    if ((cursor.bytes[cursor.at - 2]! & LABEL_IS_LAST) !== 0) return readUnannounced(cursor, 'MPLS', GAPS)
  }
}

/**
 * IP or Ethernet that no header announces, after one of `gaps` bytes. IP is tried first: it proves itself. Otherwise nothing
 * follows, and the packet counts under `name`.
 */
export function readUnannounced(cursor: Cursor, name: string, gaps: readonly number[]): Next {
  if (!cursor.has(1, name)) return Next.nothing
  for (const gap of gaps) {
    if (!isIp(cursor, cursor.at + gap)) continue
    cursor.at += gap
    return Next.ip
  }
  // A frame without a control word may begin with zero as well. The longer gap is tried first: it needs both to fit.
  for (const gap of gaps.toReversed()) {
    if (!isEthernet(cursor, cursor.at + gap)) continue
    cursor.at += gap
    return Next.ethernet
  }
  const isCut = cursor.end < cursor.wireEnd && cursor.end - cursor.at < ENOUGH_TO_TELL
  return isCut ? cursor.truncated(name) : cursor.skip(name)
}

/** Bytes in which an IP header stands after any gap. */
const ENOUGH_TO_TELL = 60

/** Whether an IP packet at `at` fits into the bytes that there are: its version, its header, its protocol and its length. */
export function isIp({ bytes, end, wireEnd, tunnelled }: Cursor, at: number): boolean {
  const version = bytes[at]! >> 4
  if (version !== 4 && version !== 6) return false
  const header = version === 4 ? 20 : 40
  if (at + header > end) return false
  const length = version === 4 ? uint16(bytes, at + 2) : header + uint16(bytes, at + 4)
  if (length < header || (version === 4 && (bytes[at]! & 0x0f) < 5)) return false
  // A mirror may have cut what it sent through a tunnel.
  if (at + length > wireEnd && !tunnelled) return false
  return isKnownIpProtocol(bytes[at + (version === 4 ? 9 : 6)]!)
}

/** Whether an Ethernet header at `at` has a known EtherType that fits to what follows. */
export function isEthernet({ bytes, end }: Cursor, at: number): boolean {
  if (at + 15 > end) return false
  const type = uint16(bytes, at + 12)
  const version = bytes[at + 14]! >> 4
  if (type === EtherType.ipv4) return version === 4
  if (type === EtherType.ipv6) return version === 6
  return isKnownEtherType(type)
}
