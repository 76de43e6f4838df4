// The numbers that name the next protocol, and the names under which packets are counted that are skipped.

/** EtherTypes (IEEE 802 numbers at IANA) that are read. */
export const EtherType = {
  ipv4: 0x0800,
  ipv6: 0x86dd,
  /** 802.1Q, 802.1ad, and two numbers that were used for stacked tags before 802.1ad. */
  vlan: 0x8100,
  stackedVlan: 0x88a8,
  oldStackedVlan: 0x9100,
  otherStackedVlan: 0x9200,
  mpls: 0x8847,
  mplsUpstream: 0x8848,
  pppoeDiscovery: 0x8863,
  pppoeSession: 0x8864,
  macsec: 0x88e5,
  /** IEEE 802.1ah. */
  backboneTag: 0x88e7,
  /** Cisco's, in front of virtual network cards. */
  vnTag: 0x8926,
  /** IEEE 802.1BR. */
  eTag: 0x893f,
  serviceHeader: 0x894f,
  /** A whole Ethernet frame inside a tunnel. */
  transparentEthernet: 0x6558,
  erspan: 0x88be,
  erspanTypeIII: 0x22eb,
} as const

/** IP protocol numbers (IANA) that are read. */
export const IpProtocol = {
  hopByHop: 0,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  encrypted: 50,
  authentication: 51,
  destination: 60,
  etherIp: 97,
  l2tp: 115,
  mobility: 135,
  mpls: 137,
  hostIdentity: 139,
  shim6: 140,
  ethernet: 143,
} as const

const ETHER_TYPES: ReadonlyMap<number, string> = new Map([
  [0x0806, 'ARP'],
  [0x0842, 'Wake-on-LAN'],
  [0x8035, 'RARP'],
  [0x809b, 'AppleTalk'],
  [0x8137, 'IPX'],
  [0x8809, 'LACP'],
  [0x8863, 'PPPoE discovery'],
  [0x888e, 'EAPOL'],
  [0x8892, 'PROFINET'],
  [0x88cc, 'LLDP'],
  [0x88f7, 'PTP'],
  [0x9000, 'Ethernet loopback'],
])

const IP_PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'ICMP'],
  [2, 'IGMP'],
  [33, 'DCCP'],
  [58, 'ICMPv6'],
  [59, 'IPv6 no next header'],
  [88, 'EIGRP'],
  [89, 'OSPF'],
  [103, 'PIM'],
  [112, 'VRRP'],
  [132, 'SCTP'],
])

/** The name of an EtherType that is not read: `LLDP`, or `unknown EtherType 0x1234`. */
export function nameEtherType(type: number): string {
  return ETHER_TYPES.get(type) ?? `unknown EtherType 0x${type.toString(16).padStart(4, '0')}`
}

/** The name of an IP protocol that is not read: `ICMP`, or `unknown IP protocol 253`. */
export function nameIpProtocol(protocol: number): string {
  return IP_PROTOCOLS.get(protocol) ?? `unknown IP protocol ${protocol}`
}

/** Whether an EtherType is read or has a name. */
export function isKnownEtherType(type: number): boolean {
  return READ_ETHER_TYPES.has(type) || ETHER_TYPES.has(type)
}

/** Whether an IP protocol is read or has a name. */
export function isKnownIpProtocol(protocol: number): boolean {
  return READ_IP_PROTOCOLS.has(protocol) || IP_PROTOCOLS.has(protocol)
}

const READ_ETHER_TYPES: ReadonlySet<number> = new Set(Object.values(EtherType))
const READ_IP_PROTOCOLS: ReadonlySet<number> = new Set(Object.values(IpProtocol))
