// In: the cursor at a header of a serial line: PPP, PPPoE, Cisco's HDLC, Frame Relay. Out: the cursor at an IP header, or what the
// header names.
import { uint16 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { etherType, Next } from './next.ts'

/** RFC 1661 §2: the numbers under which PPP carries IPv4, IPv6 and MPLS (RFC 3032 §4.3). */
const PPP_IPV4 = 0x0021
const PPP_IPV6 = 0x0057
const PPP_MPLS = 0x0281
const PPP_COMPRESSED = 0x00fd

const UNNUMBERED_INFORMATION = 0x03

/**
 * RFC 1662 §3.1: address ff and control 03, which peers may omit (RFC 1661 §6.6). LINKTYPE_PPP_HDLC may also hold Cisco's HDLC.
 */
export function readPpp(cursor: Cursor): Next {
  if (!cursor.has(2, 'PPP header')) return Next.nothing
  const { bytes, at } = cursor
  if (bytes[at] === 0x0f || bytes[at] === 0x8f) return readCiscoHdlc(cursor)
  if (bytes[at] === 0xff && bytes[at + 1] === UNNUMBERED_INFORMATION) cursor.at += 2
  return readPppProtocol(cursor)
}

/** LINKTYPE_PPP_WITH_DIR: a byte that says who sent it (0: received, else sent), then PPP. */
export function readDirectedPpp(cursor: Cursor): Next {
  if (!cursor.has(1, 'PPP direction')) return Next.nothing
  cursor.at += 1
  return Next.ppp
}

/** LINKTYPE_C_HDLC: Cisco's HDLC has an EtherType where PPP has its protocol. */
export function readCiscoHdlc(cursor: Cursor): Next {
  if (!cursor.has(4, 'Cisco HDLC header')) return Next.nothing
  cursor.at += 4
  return etherType(uint16(cursor.bytes, cursor.at - 2))
}

/** RFC 2516 §4: version, code, session and length. */
export function readPppoe(cursor: Cursor): Next {
  if (!cursor.has(6, 'PPPoE header')) return Next.nothing
  // LINKTYPE_PPP_ETHER has discovery packets too, which carry no PPP.
  if (cursor.bytes[cursor.at + 1] !== 0) return cursor.skip('PPPoE discovery')
  cursor.at += 6
  return readPppProtocol(cursor)
}

/**
 * RFC 1661 §2: the protocol in two bytes, or in one if the peers compress it (§6.5). The last byte of a protocol number is always
 * odd.
 */
function readPppProtocol(cursor: Cursor): Next {
  if (!cursor.has(1, 'PPP header')) return Next.nothing
  let protocol = cursor.bytes[cursor.at]!
  if ((protocol & 1) === 0) {
    if (!cursor.has(2, 'PPP header')) return Next.nothing
    protocol = uint16(cursor.bytes, cursor.at)
    cursor.at += 1
  }
  cursor.at += 1
  if (protocol === PPP_IPV4 || protocol === PPP_IPV6) return Next.ip
  if (protocol === PPP_MPLS) return etherType(0x8847)
  if (protocol === PPP_COMPRESSED) return cursor.encrypted('compressed PPP')
  return cursor.skip(`PPP protocol 0x${protocol.toString(16).padStart(4, '0')}`)
}

/** NLPIDs (RFC 2427 §3). */
const NLPID_SNAP = 0x80
const NLPID_IPV6 = 0x8e
const NLPID_IPV4 = 0xcc
const NLPID_PPP = 0xcf

/** Frame Relay: an address of two to four bytes (Q.922 §3.3), then RFC 2427's header, or an EtherType as Cisco's routers write it. */
export function readFrameRelay(cursor: Cursor): Next {
  const { bytes } = cursor
  let address = 2
  if (!cursor.has(address + 2, 'Frame Relay header')) return Next.nothing
  while (address < 4 && (bytes[cursor.at + address - 1]! & 1) === 0) address++
  if (!cursor.has(address + 2, 'Frame Relay header')) return Next.nothing
  cursor.at += address
  if (bytes[cursor.at] !== UNNUMBERED_INFORMATION) {
    cursor.at += 2
    return etherType(uint16(bytes, cursor.at - 2))
  }
  cursor.at += 1
  if (bytes[cursor.at] === 0) cursor.at += 1
  if (!cursor.has(1, 'Frame Relay header')) return Next.nothing
  const nlpid = bytes[cursor.at]!
  cursor.at += 1
  if (nlpid === NLPID_IPV4 || nlpid === NLPID_IPV6) return Next.ip
  if (nlpid === NLPID_PPP) return Next.ppp
  if (nlpid !== NLPID_SNAP) return cursor.skip('Frame Relay without IP')
  if (!cursor.has(5, 'SNAP header')) return Next.nothing
  const organisation = (bytes[cursor.at]! << 16) | uint16(bytes, cursor.at + 1)
  const type = uint16(bytes, cursor.at + 3)
  cursor.at += 5
  if (organisation === 0) return etherType(type)
  // RFC 2427 §4.2: bridged Ethernet, with its frame check sequence (1) or without (7).
  if (organisation === 0x0080c2 && (type === 1 || type === 7)) return Next.ethernet
  return cursor.skip('Frame Relay without IP')
}
