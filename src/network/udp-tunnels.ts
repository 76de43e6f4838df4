// The tunnels over UDP, one row each: their name on the command line, how the packets in them that are not read are counted, the
// ports that are theirs unless told otherwise, and the reader of their header.
import { spelled } from '../base/option-check.ts'
import { readCapwap } from './capwap.ts'
import type { Cursor } from './cursor.ts'
import { readGre } from './gre.ts'
import { readGtpU } from './gtp-u.ts'
import { readL2tp } from './l2tp.ts'
import { readMpls } from './mpls.ts'
import type { Next } from './next.ts'
import { readTeredo } from './teredo.ts'
import { readTzsp } from './tzsp.ts'
import { readGeneve, readVxlan, readVxlanGpe } from './vxlan.ts'

interface UdpTunnel {
  readonly label: string
  readonly ports: readonly number[]
  /** The cursor is after the UDP header. `title`: the reason for a packet that is not the tunnel's, or has nothing in it. */
  readonly read: (cursor: Cursor, title: string) => Next
  /** True if the port may also be the source's. Most tunnels draw the source's port, and it may be any tunnel's by chance. */
  readonly isTwoWay?: boolean
}

/** By the names of `--tunnel-port`. */
export const UDP_TUNNELS = {
  vxlan: { label: 'VXLAN', ports: [4789, 8472], read: readVxlan },
  'vxlan-gpe': { label: 'VXLAN-GPE', ports: [4790], read: readVxlanGpe },
  geneve: { label: 'GENEVE', ports: [6081], read: readGeneve },
  'gtp-u': { label: 'GTP-U', ports: [2152], read: readGtpU, isTwoWay: true },
  tzsp: { label: 'TZSP', ports: [37008], read: readTzsp },
  gre: { label: 'GRE', ports: [4754], read: readGre },
  mpls: { label: 'MPLS', ports: [6635], read: readMpls },
  l2tp: { label: 'L2TP', ports: [1701], read: readL2tp, isTwoWay: true },
  capwap: { label: 'CAPWAP', ports: [5247], read: readCapwap, isTwoWay: true },
  teredo: { label: 'Teredo', ports: [3544], read: readTeredo, isTwoWay: true },
  'ipsec-nat-t': { label: 'ESP', ports: [4500], read: readEspInUdp, isTwoWay: true },
  wireguard: { label: 'WireGuard', ports: [51820], read: readWireguard, isTwoWay: true },
} as const satisfies Record<string, UdpTunnel>

/** The name of a tunnel over UDP, as `--tunnel-port` takes it. */
export type UdpTunnelName = keyof typeof UDP_TUNNELS

/** The names of all tunnels over UDP. */
export const UDP_TUNNEL_NAMES: readonly UdpTunnelName[] = Object.keys(UDP_TUNNELS) as UdpTunnelName[]

/** A UDP port that a tunnel uses beside its own. */
export interface TunnelPort {
  readonly tunnel: UdpTunnelName
  /** 1 … 65 535. */
  readonly port: number
}

/** What is wrong with ports that somebody chose, as a clause; undefined if nothing is. */
export function tunnelPortFault(chosen: readonly TunnelPort[]): string | undefined {
  const tunnels = new Map<number, UdpTunnelName>()
  for (const { tunnel, port } of chosen) {
    if (!UDP_TUNNEL_NAMES.includes(tunnel))
      return `${spelled(tunnel)} is not a tunnel over UDP; there are ${UDP_TUNNEL_NAMES.join(', ')}`
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      return `${spelled(port)} is not a UDP port, 1 to 65535`
    const other = tunnels.get(port)
    if (other !== undefined && other !== tunnel)
      return `port ${port} is given to ${other} and to ${tunnel}; leave one of them out`
    tunnels.set(port, tunnel)
  }
  return undefined
}

/** What each port speaks. */
export type TunnelPorts = ReadonlyMap<number, PortTunnel>

interface PortTunnel extends Required<Pick<UdpTunnel, 'read' | 'isTwoWay'>> {
  readonly title: string
  /** True if somebody said what the port speaks. */
  readonly isChosen: boolean
}

/** The tunnels' own ports, and others that the caller knows of. What the caller says of a port counts. */
export function tunnelPorts(chosen: readonly TunnelPort[] = []): TunnelPorts {
  const ports = new Map<number, PortTunnel>()
  const add = (tunnel: UdpTunnelName, port: number, isChosen: boolean): void => {
    const { label, read, isTwoWay = false }: UdpTunnel = UDP_TUNNELS[tunnel]
    ports.set(port, { title: `${label} (UDP ${port})`, read, isTwoWay, isChosen })
  }
  for (const tunnel of UDP_TUNNEL_NAMES)
    for (const port of UDP_TUNNELS[tunnel].ports) add(tunnel, port, false)
  for (const { tunnel, port } of chosen) add(tunnel, port, true)
  return ports
}

/** RFC 3948 §2.2: ESP, after an SPI that is not zero. Zero marks the negotiation of its keys. */
function readEspInUdp(cursor: Cursor, title: string): Next {
  const { bytes, at, end } = cursor
  if (at + 8 > end) return cursor.skip(title)
  const isKeyExchange = (bytes[at]! | bytes[at + 1]! | bytes[at + 2]! | bytes[at + 3]!) === 0
  return isKeyExchange ? cursor.skip('IKE') : cursor.encrypted(title)
}

/** A message type of 1 to 4 and three bytes of zero (https://www.wireguard.com/protocol). Only the fourth type carries packets. */
function readWireguard(cursor: Cursor, title: string): Next {
  const { bytes, at, end } = cursor
  const isData = at + 4 <= end && bytes[at] === 4 && (bytes[at + 1]! | bytes[at + 2]! | bytes[at + 3]!) === 0
  return isData ? cursor.encrypted(title) : cursor.skip('UDP')
}
