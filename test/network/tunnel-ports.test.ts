// Ports of tunnels over UDP that people moved: what was said of a port counts, beside the tunnels' own ports, and nothing else changes.
import { describe, expect, test } from 'vitest'
import { concat, toHex } from '../../src/base/bytes.ts'
import type { TunnelPort, UdpTunnelName } from '../../src/network/udp-tunnels.ts'
import { ethernet, hex, ipv4, Protocol, tcpPacket, udp } from '../support/builders/packet-builder.ts'
import { decodePackets, PACKET_KINDS, PAYLOAD } from '../support/drivers/network-packets.ts'

const FRAME = tcpPacket({ payload: PAYLOAD })
const HEADERS: Partial<Record<UdpTunnelName, Uint8Array>> = {
  geneve: hex('00 00 6558 000007 00'),
  vxlan: hex('08 000000 000007 00'),
}

/** A datagram with a frame in a tunnel. */
const over = (tunnel: 'geneve' | 'vxlan', source: number, destination: number): Uint8Array => {
  const payload = udp(source, destination, concat([HEADERS[tunnel]!, FRAME]))
  return ethernet({ payload: ipv4({ protocol: Protocol.udp, payload }) })
}
const geneve: TunnelPort = { tunnel: 'geneve', port: 6082 }
const read = (packets: Uint8Array[], ...ports: TunnelPort[]) => decodePackets(packets, {}, ports)

describe('a port that somebody says a tunnel uses', () => {
  test('is read, and so is the port of the tunnel itself', () => {
    const packets = [over('geneve', 50_000, 6081), over('geneve', 50_000, 6082)]
    expect(read(packets)).toMatchObject({ segments: [{ packet: 1 }], skipped: { UDP: 1 } })
    const { segments, skipped } = read(packets, geneve)
    expect(segments.map(({ packet, payload }) => [packet, payload])).toEqual([
      [1, toHex(PAYLOAD)],
      [2, toHex(PAYLOAD)],
    ])
    expect(skipped).toEqual({})
  })

  test('wins over the tunnel that has it otherwise', () => {
    const packets = [over('geneve', 50_000, 4789)]
    expect(read(packets).segments).not.toMatchObject([{ payload: toHex(PAYLOAD) }])
    expect(read(packets, { tunnel: 'geneve', port: 4789 }).segments).toMatchObject([
      { payload: toHex(PAYLOAD) },
    ])
  })

  test('wins over a known port at the other end, if the tunnel is told by either', () => {
    const kind = PACKET_KINDS.find(({ name }) => name === 'L2TP version 2')!
    const bytes = Uint8Array.from(kind.bytes)
    // The ports stand after Ethernet and IPv4: from the chosen port to one that is VXLAN's.
    bytes.set(hex('c350 12b5'), 34)
    expect(read([bytes]).segments).toEqual([])
    expect(read([bytes], { tunnel: 'l2tp', port: 50_000 }).segments).toHaveLength(1)
  })

  test('names what is skipped on it', () => {
    const datagram = udp(50_000, 6082, hex('c0 00 6558 000007 00'))
    const { skipped } = read(
      [ethernet({ payload: ipv4({ protocol: Protocol.udp, payload: datagram }) })],
      geneve,
    )
    expect(skipped).toEqual({ 'GENEVE (UDP 6082)': 1 })
  })

  test('is not taken for the source port of a tunnel that draws its source ports', () => {
    expect(read([over('geneve', 6082, 9)], geneve)).toMatchObject({ segments: [], skipped: { UDP: 1 } })
  })
})
