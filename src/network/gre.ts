// In: the cursor at a GRE header. Out: the cursor at what it carries: IP, Ethernet as switches mirror it (ERSPAN), PPP (PPTP), the
// Ethernet of MikroTik's EoIP, the 802.11 frames of Aruba's access points.
import { uint16 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { etherType, Next } from './next.ts'
import { EtherType } from './protocols.ts'

const HAS_CHECKSUM = 0x8000
const HAS_ROUTING = 0x4000
const HAS_KEY = 0x2000
const HAS_SEQUENCE = 0x1000
const HAS_ACKNOWLEDGMENT = 0x0080
const VERSION = 0x0007

const PPTP = 0x880b
const EOIP = 0x6400

/** Aruba numbers its access points' radios from here to here; each packet is an 802.11 frame. */
const ARUBA_FIRST = 0x8200
const ARUBA_LAST = 0x8370

/** RFC 2784 §2, RFC 2890 §2. The old routing field (RFC 1701) is not in use. */
export function readGre(cursor: Cursor): Next {
  const { bytes, at } = cursor
  if (!cursor.has(4, 'GRE header')) return Next.nothing
  const flags = uint16(bytes, at)
  const type = uint16(bytes, at + 2)
  if ((flags & VERSION) === 1) return readVersion1(cursor, flags, type)
  if ((flags & HAS_ROUTING) !== 0) return cursor.skip('GRE with routing')
  const hasSequence = (flags & HAS_SEQUENCE) !== 0
  const length = 4 + fields(flags, HAS_CHECKSUM, HAS_KEY, HAS_SEQUENCE)
  if (!cursor.has(length, 'GRE header')) return Next.nothing
  cursor.at += length
  switch (type) {
    case EtherType.erspan:
      // Type II has a sequence number in GRE and a header of its own; type I has neither.
      return hasSequence ? readErspan(cursor) : Next.ethernet
    case EtherType.erspanTypeIII:
      return readErspanTypeIII(cursor)
    case EtherType.transparentEthernet:
      return Next.ethernet
    default:
      return type >= ARUBA_FIRST && type <= ARUBA_LAST ? Next.ieee80211 : etherType(type)
  }
}

function fields(flags: number, ...bits: number[]): number {
  return bits.reduce((length, bit) => length + ((flags & bit) !== 0 ? 4 : 0), 0)
}

/** RFC 2637 §4.1: PPTP; an acknowledgment alone has no payload. MikroTik's EoIP has the same form with Ethernet inside. */
function readVersion1(cursor: Cursor, flags: number, type: number): Next {
  if (type !== PPTP && type !== EOIP) return cursor.skip('GRE version 1')
  const length = 8 + fields(flags, HAS_SEQUENCE, HAS_ACKNOWLEDGMENT)
  if (!cursor.has(length, 'GRE header')) return Next.nothing
  const payloadLength = uint16(cursor.bytes, cursor.at + 4)
  cursor.at += length
  if (payloadLength === 0) return cursor.skip('GRE version 1')
  cursor.narrow(cursor.at + payloadLength)
  return type === PPTP ? Next.ppp : Next.ethernet
}

/** ERSPAN type II: eight bytes, then the mirrored frame. */
function readErspan(cursor: Cursor): Next {
  if (!cursor.has(8, 'ERSPAN header')) return Next.nothing
  cursor.at += 8
  return Next.ethernet
}

/** ERSPAN type III: twelve bytes, and eight more if the O bit is set. Frame type 2 says that an IP packet follows. */
function readErspanTypeIII(cursor: Cursor): Next {
  if (!cursor.has(12, 'ERSPAN header')) return Next.nothing
  const last = uint16(cursor.bytes, cursor.at + 10)
  const length = (last & 1) !== 0 ? 20 : 12
  if (!cursor.has(length, 'ERSPAN header')) return Next.nothing
  cursor.at += length
  return ((last >> 10) & 0x1f) === 2 ? Next.ip : Next.ethernet
}
