// Which reader reads what: tables of link types, EtherTypes and IP protocols, one row each. In: the cursor at a header, and what it
// is. Out: the cursor after it, and what follows.
import type { Cursor } from './cursor.ts'
import {
  readBackboneTag,
  readEtherIp,
  readEthernet,
  readMacsec,
  readServiceHeader,
  tagOf,
} from './ethernet.ts'
import { readGre } from './gre.ts'
import { readAvs, readIeee80211, readPrism, readRadiotap } from './ieee80211.ts'
import { readIpv4 } from './ipv4.ts'
import { readIpv6 } from './ipv6.ts'
import { readL2tpOverIp } from './l2tp.ts'
import {
  readEnc,
  readFamily,
  readInfiniband,
  readLinuxCooked,
  readLinuxCooked2,
  readNetworkFamily,
  readNflog,
  readPktap,
  readPpi,
  readUser2,
} from './link.ts'
import { readLlc } from './llc.ts'
import { readMpls } from './mpls.ts'
import { etherType, linkType, Next, numberOf, registryOf } from './next.ts'
import { readCiscoHdlc, readDirectedPpp, readFrameRelay, readPpp, readPppoe } from './ppp.ts'
import { EtherType, IpProtocol, nameEtherType, nameIpProtocol } from './protocols.ts'

/** Moves the cursor past a header, and answers what follows. */
export type Reader = (cursor: Cursor) => Next

/** The most IP headers inside one another. Real traffic has three or four. */
const DEEPEST_NESTING = 16

const atIp: Reader = () => Next.ip
const atEthernet: Reader = () => Next.ethernet

const LINK_TYPES: ReadonlyMap<number, Reader> = new Map([
  [0, readFamily],
  [1, readEthernet],
  [9, readPpp],
  [12, atIp],
  [14, atIp],
  [50, readPpp],
  [51, readPppoe],
  [101, atIp],
  [104, readCiscoHdlc],
  [105, readIeee80211],
  [107, readFrameRelay],
  [108, readNetworkFamily],
  [109, readEnc],
  [113, readLinuxCooked],
  [119, readPrism],
  [127, readRadiotap],
  [149, readUser2],
  [163, readAvs],
  [192, readPpi],
  [204, readDirectedPpp],
  [228, atIp],
  [229, atIp],
  [239, readNflog],
  [242, readInfiniband],
  [258, readPktap],
  [276, readLinuxCooked2],
])

const ETHER_TYPES: ReadonlyMap<number, Reader> = new Map([
  [EtherType.ipv4, atIp],
  [EtherType.ipv6, atIp],
  [EtherType.vlan, tagOf('VLAN tag', 4)],
  [EtherType.stackedVlan, tagOf('VLAN tag', 4)],
  [EtherType.oldStackedVlan, tagOf('VLAN tag', 4)],
  [EtherType.otherStackedVlan, tagOf('VLAN tag', 4)],
  [EtherType.vnTag, tagOf('VN-Tag', 6)],
  [EtherType.eTag, tagOf('E-Tag', 8)],
  [EtherType.backboneTag, readBackboneTag],
  [EtherType.macsec, readMacsec],
  [EtherType.mpls, readMpls],
  [EtherType.mplsUpstream, readMpls],
  [EtherType.pppoeDiscovery, readPppoe],
  [EtherType.pppoeSession, readPppoe],
  [EtherType.serviceHeader, readServiceHeader],
])

/** TCP, UDP and fragments are read by the decoder itself (decode.ts). */
const IP_PROTOCOLS: ReadonlyMap<number, Reader> = new Map([
  [IpProtocol.ipv4, atIp], // RFC 2003 §3.1, RFC 2473 §3
  [IpProtocol.ipv6, atIp], // RFC 4213 §3.5
  [IpProtocol.gre, readGre],
  [IpProtocol.encrypted, (cursor) => cursor.encrypted('ESP')],
  [IpProtocol.etherIp, readEtherIp],
  [IpProtocol.l2tp, readL2tpOverIp],
  [IpProtocol.mpls, readMpls], // RFC 4023 §3
  [IpProtocol.ethernet, atEthernet], // RFC 8986 §9.1
])

/** Whether the packets of a link type are read. */
export function canReadLink(type: number): boolean {
  return LINK_TYPES.has(type)
}

/** Reads the header that `next` says is at the cursor. */
export function readHeader(cursor: Cursor, next: Next): Next {
  switch (next) {
    case Next.ip:
    case IPV4:
    case IPV6:
      return readIp(cursor)
    case Next.ethernet:
    case EN10MB:
      return readEthernet(cursor)
    case Next.llc:
      return readLlc(cursor)
    case Next.ieee80211:
      return readIeee80211(cursor)
    case Next.ppp:
      return readPpp(cursor)
    default:
      return readNumbered(cursor, next)
  }
}

const IPV4 = etherType(EtherType.ipv4)
const IPV6 = etherType(EtherType.ipv6)
const EN10MB = linkType(1)

function readNumbered(cursor: Cursor, next: Next): Next {
  const number = numberOf(next)
  switch (registryOf(next)) {
    case 'linkType':
      return LINK_TYPES.get(number)?.(cursor) ?? cursor.unsupported(number)
    case 'etherType':
      // A number below 0x0600 is a length (IEEE 802.3 §3.2.6), or Linux' own number for a frame with an LLC header.
      if (number < 0x0600) return readLlc(cursor)
      return ETHER_TYPES.get(number)?.(cursor) ?? cursor.skip(nameEtherType(number))
    case 'ipProtocol':
      cursor.tunnelled = true
      return IP_PROTOCOLS.get(number)?.(cursor) ?? cursor.skip(nameIpProtocol(number))
    default:
      return Next.nothing
  }
}

/** The version field decides, not the header before it: cooked headers and tunnels are not always right about the version. */
function readIp(cursor: Cursor): Next {
  if (++cursor.ipHeaders > DEEPEST_NESTING) return cursor.skip('tunnels nested too deep')
  if (!cursor.has(1, 'IP header')) return Next.nothing
  const version = cursor.bytes[cursor.at]! >> 4
  if (version === 4) return readIpv4(cursor)
  return version === 6 ? readIpv6(cursor) : cursor.malformed('IP header')
}
