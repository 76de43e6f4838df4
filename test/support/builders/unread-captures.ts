// Captures in which no WebSocket connection is found, each for another reason.
import { writeCapture } from '../../../src/index.ts'
import { ethernet, hex, ipv4, Protocol, pcapFile, tcpPacket, udp, utf8, zeros } from './packet-builder.ts'

/** The server refuses the upgrade. */
export const REFUSED: Uint8Array = writeCapture({
  connections: [{ handshake: { status: 403 }, steps: [] }],
})

/** Three UDP datagrams. */
export const UDP_ONLY: Uint8Array = pcapFile(
  [1, 2, 3].map(() =>
    ethernet({ payload: ipv4({ protocol: Protocol.udp, payload: udp(5353, 5353, utf8('hi')) }) }),
  ),
)

/** Two packets of a link type that framewalk does not know. */
export const UNKNOWN_LINK: Uint8Array = pcapFile([tcpPacket(), tcpPacket()], { linkType: 147 })

const inIpv4 = (protocol: number, payload: Uint8Array) => ethernet({ payload: ipv4({ protocol, payload }) })
const inUdp = (port: number, payload: Uint8Array) => inIpv4(Protocol.udp, udp(port, port, payload))
const ARP = ethernet({ etherType: 0x0806, payload: zeros(28) })
const ESP = inIpv4(50, zeros(40))
const WIREGUARD = inUdp(51_820, hex('04 000000 00000001 0000000000000000 00000000000000000000000000000000'))
const QUIC = inUdp(443, hex('c0 00000001 08 0000000000000000 00'))
const WPA = hex('08 41 0000 02000000000b 02000000000a 02000000000c 0000 0000000000000000')

/** Captures of which no packet can be read, with what is said of them. */
export const UNREADABLE: readonly (readonly [name: string, bytes: Uint8Array, says: string])[] = [
  [
    'an unsupported link type',
    UNKNOWN_LINK,
    'none of its 2 packets can be read (unsupported link type USER0 2); record it on another interface',
  ],
  [
    'an unsupported link type inside PPI',
    pcapFile([hex('00 00 08 00 93 00 00 00 01 02')], { linkType: 192 }),
    'none of its 1 packet can be read (unsupported link type USER0 1); record it on another interface',
  ],
  [
    'a link type that is PKTAP on some systems, and not here',
    pcapFile([zeros(40)], { linkType: 149 }),
    'none of its 1 packet can be read (unsupported link type USER2 1); record it on another interface',
  ],
  [
    'ESP',
    pcapFile([ESP, ESP, ESP]),
    'none of its 3 packets can be read (ESP 3); record it at an end of the tunnel',
  ],
  [
    'WireGuard beside ARP',
    pcapFile([ARP, WIREGUARD]),
    'none of its 2 packets can be read (ARP 1, WireGuard (UDP 51820) 1); record it at an end of the tunnel',
  ],
  [
    'a tunnel with nothing in it that is read',
    pcapFile([inUdp(2152, zeros(16))]),
    'none of its 1 packet can be read (GTP-U (UDP 2152) 1); record it on another interface',
  ],
  [
    'QUIC alone',
    pcapFile([QUIC, QUIC]),
    'none of its 2 packets can be read (QUIC 2); record it with HTTP/3 switched off',
  ],
  [
    'an encrypted wireless network',
    pcapFile([WPA], { linkType: 105 }),
    'none of its 1 packet can be read (802.11 encrypted 1); record it on a machine in that network',
  ],
  [
    'packets cut off inside their headers',
    pcapFile([{ bytes: tcpPacket().subarray(0, 20), originalLength: 60 }]),
    'none of its 1 packet can be read (truncated IPv4 header 1); record whole packets (tcpdump -s 0)',
  ],
]

/** Captures that were read, and have no WebSocket. */
export const READ: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ['no packets', pcapFile([])],
  ['UDP', UDP_ONLY],
  ['ARP', pcapFile([ARP])],
  ['ICMP', pcapFile([inIpv4(1, zeros(8))])],
  ['ARP, and a packet that is cut', pcapFile([ARP, tcpPacket().subarray(0, 20)])],
  ['UDP and QUIC', pcapFile([inUdp(53, zeros(12)), QUIC])],
  ['TCP that is not WebSocket', pcapFile([tcpPacket({ payload: utf8('hello') })])],
  ['TCP beside ESP', pcapFile([ESP, tcpPacket({ payload: utf8('hello') })])],
]

/** A capture that holds no packet. */
export const NO_PACKETS: Uint8Array = pcapFile([])
