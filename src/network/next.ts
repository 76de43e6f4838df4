// What follows a header: the answer of every reader in this folder. A reader moves the cursor past its header and names what is
// there; it does not call the next reader, so no stack of headers, however deep, makes a stack of calls.

/** What is at the cursor: one of `Next`, or a number of a registry (`etherType`, `ipProtocol`, `linkType`). */
export type Next = number

/** What is at the cursor, if no registry has a number for it. */
export const Next = {
  /** The walk is over; `cursor.reason` says why. */
  nothing: -1,
  /** An IP header: its version field tells which. */
  ip: 0,
  ethernet: 1,
  /** The data of an 802.11 frame: LLC, then SNAP. */
  llc: 2,
  /** The first of several MSDUs that 802.11 packed into one frame (A-MSDU). */
  aggregate: 3,
  ieee80211: 4,
  /** PPP, from its address or its protocol field on. */
  ppp: 5,
  /** A fragment of an IP packet. */
  fragment: 6,
} as const

const ETHER_TYPE = 1 << 16
const IP_PROTOCOL = 2 << 16
const LINK_TYPE = 3 << 16
const REGISTRY = 0xff << 16
const NUMBER = 0xffff

/** What an EtherType names (IEEE 802 numbers at IANA). Below 0x0600 it is a length (IEEE 802.3 §3.2.6). */
export function etherType(type: number): Next {
  return ETHER_TYPE | type
}

/** What an IP protocol number names (IANA). */
export function ipProtocol(protocol: number): Next {
  return IP_PROTOCOL | protocol
}

/** What a LINKTYPE_ value names. */
export function linkType(type: number): Next {
  return LINK_TYPE | type
}

/** Which registry `next` is a number of. */
export function registryOf(next: Next): 'etherType' | 'ipProtocol' | 'linkType' | undefined {
  switch (next & REGISTRY) {
    case ETHER_TYPE:
      return 'etherType'
    case IP_PROTOCOL:
      return 'ipProtocol'
    case LINK_TYPE:
      return 'linkType'
    default:
      return undefined
  }
}

/** The number in its registry. */
export function numberOf(next: Next): number {
  return next & NUMBER
}
