// In: the cursor at the payload of an IP packet that is not TCP. Out: the cursor at the IP header inside, if the payload is a
// tunnel in which cloud providers and switches send mirrored traffic: IP in IP, GRE with ERSPAN, VXLAN, GENEVE.
import { uint16 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { readEthernet, readEtherType } from './link.ts'
import { EtherType, IpProtocol, nameIpProtocol } from './protocols.ts'

const PORT_VXLAN = 4789
const PORT_VXLAN_LINUX = 8472
const PORT_VXLAN_GPE = 4790
const PORT_GENEVE = 6081

/** Moves to the IP header inside the tunnel; false, with a reason, if there is none. */
export function enterTunnel(cursor: Cursor): boolean {
  cursor.tunnelled = true
  switch (cursor.protocol) {
    case IpProtocol.ipv4: // RFC 2003 §3.1, RFC 2473 §3
    case IpProtocol.ipv6: // RFC 4213 §3.5
      return true
    case IpProtocol.gre:
      return enterGre(cursor)
    case IpProtocol.udp:
      return enterUdp(cursor)
    default:
      return cursor.skip(nameIpProtocol(cursor.protocol))
  }
}

/**
 * RFC 2784 §2, RFC 2890 §2. Not read: version 1, which carries PPTP, and the old routing field (RFC 1701), which is not in use.
 */
function enterGre(cursor: Cursor): boolean {
  const { bytes, at } = cursor
  if (!cursor.has(4, 'GRE header')) return false
  const flags = bytes[at]!
  if ((bytes[at + 1]! & 0x07) !== 0) return cursor.skip('GRE version 1')
  if ((flags & 0x40) !== 0) return cursor.skip('GRE with routing')
  const hasSequence = (flags & 0x10) !== 0
  const length = 4 + ((flags & 0x80) !== 0 ? 4 : 0) + ((flags & 0x20) !== 0 ? 4 : 0) + (hasSequence ? 4 : 0)
  if (!cursor.has(length, 'GRE header')) return false
  cursor.at += length
  const type = uint16(bytes, at + 2)
  switch (type) {
    case EtherType.erspan:
      // Type II has a sequence number in GRE and a header of its own; type I has neither.
      if (!hasSequence) return readEthernet(cursor)
      if (!cursor.has(8, 'ERSPAN header')) return false
      cursor.at += 8
      return readEthernet(cursor)
    case EtherType.erspanTypeIII:
      return enterErspanTypeIII(cursor)
    default:
      return enterByEtherType(cursor, type)
  }
}

/** ERSPAN type III: twelve bytes, and eight more if the O bit is set. Frame type 2 says that an IP packet follows. */
function enterErspanTypeIII(cursor: Cursor): boolean {
  if (!cursor.has(12, 'ERSPAN header')) return false
  const last = uint16(cursor.bytes, cursor.at + 10)
  const length = (last & 1) !== 0 ? 20 : 12
  if (!cursor.has(length, 'ERSPAN header')) return false
  cursor.at += length
  return ((last >> 10) & 0x1f) === 2 || readEthernet(cursor)
}

/** The destination port tells which tunnel over UDP it is. */
function enterUdp(cursor: Cursor): boolean {
  const { bytes, at } = cursor
  if (!cursor.has(8, 'UDP header')) return false
  const length = uint16(bytes, at + 4)
  if (length >= 8) cursor.narrow(at + length)
  const port = uint16(bytes, at + 2)
  switch (port) {
    case PORT_VXLAN:
    case PORT_VXLAN_LINUX:
    case PORT_VXLAN_GPE:
      cursor.at += 8
      return enterVxlan(cursor, port === PORT_VXLAN_GPE)
    case PORT_GENEVE:
      cursor.at += 8
      return enterGeneve(cursor)
    default:
      return cursor.skip('UDP')
  }
}

/** RFC 7348 §5: eight bytes, with the I flag set. In the generic protocol extension, the fourth byte names what is inside. */
function enterVxlan(cursor: Cursor, generic: boolean): boolean {
  const { bytes, at } = cursor
  if (!cursor.has(8, 'VXLAN header')) return false
  const flags = bytes[at]!
  if ((flags & 0x08) === 0) return cursor.skip('UDP')
  cursor.at += 8
  const next = generic && (flags & 0x04) !== 0 ? bytes[at + 3] : 3
  if (next === 1 || next === 2) return true
  return next === 3 ? readEthernet(cursor) : cursor.skip('VXLAN without IP')
}

/** RFC 8926 §3.4: eight bytes, then options. */
function enterGeneve(cursor: Cursor): boolean {
  const { bytes, at } = cursor
  if (!cursor.has(8, 'GENEVE header')) return false
  if (bytes[at]! >> 6 !== 0) return cursor.skip('UDP')
  const length = 8 + 4 * (bytes[at]! & 0x3f)
  if (!cursor.has(length, 'GENEVE header')) return false
  cursor.at += length
  return enterByEtherType(cursor, uint16(bytes, at + 2))
}

function enterByEtherType(cursor: Cursor, type: number): boolean {
  return type === EtherType.transparentEthernet ? readEthernet(cursor) : readEtherType(cursor, type)
}
