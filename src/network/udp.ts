// In: the cursor at a UDP header. Out: the cursor inside the tunnel that its port names (udp-tunnels.ts), or nothing: UDP carries no
// TCP otherwise. QUIC is told apart, since WebSocket over HTTP/3 may be in it.
import { uint16, uint32 } from '../base/bytes.ts'
import type { Cursor } from './cursor.ts'
import { Next } from './next.ts'
import type { TunnelPorts } from './udp-tunnels.ts'

const HTTPS = 443

/** QUIC's long header has its two upper bits set, its short one only the lower of them (RFC 9000 §17). */
const QUIC_FORM = 0xc0
const QUIC_LONG = 0xc0
const QUIC_SHORT = 0x40

/** Versions 1 (RFC 9000) and 2 (RFC 9369). Drafts are ff0000 and their number. */
const QUIC_VERSIONS: readonly number[] = [0x0000_0001, 0x6b33_43cf]
const QUIC_DRAFT = 0xff_0000

/** The reason under which QUIC's packets are counted. */
export const QUIC = 'QUIC'

/** RFC 768. `ports`: the tunnel that each port speaks. */
export function readUdp(cursor: Cursor, ports: TunnelPorts): Next {
  const { bytes, at } = cursor
  if (!cursor.has(8, 'UDP header')) return Next.nothing
  const length = uint16(bytes, at + 4)
  if (length >= 8) cursor.narrow(at + length)
  const source = uint16(bytes, at)
  const destination = uint16(bytes, at + 2)
  cursor.at += 8
  const tunnel = tunnelOf(ports, source, destination)
  if (tunnel !== undefined) return tunnel.read(cursor, tunnel.title)
  return cursor.skip(isQuic(cursor, source, destination) ? QUIC : 'UDP')
}

/**
 * The destination's port counts. The source's counts for tunnels whose two ends may be told apart by their ports. A port of which
 * somebody said what it speaks counts before one that is known.
 */
function tunnelOf(ports: TunnelPorts, source: number, destination: number) {
  const byDestination = ports.get(destination)
  if (byDestination?.isChosen === true) return byDestination
  const bySource = ports.get(source)
  if (bySource === undefined || !bySource.isTwoWay) return byDestination
  return bySource.isChosen ? bySource : (byDestination ?? bySource)
}

function isQuic({ bytes, at, end }: Cursor, source: number, destination: number): boolean {
  if (at + 5 > end) return false
  const form = bytes[at]! & QUIC_FORM
  if (form === QUIC_SHORT) return source === HTTPS || destination === HTTPS
  const version = uint32(bytes, at + 1)
  return form === QUIC_LONG && (QUIC_VERSIONS.includes(version) || version >>> 8 === QUIC_DRAFT)
}
