// Captures in which no WebSocket connection is found, each for another reason.
import { writeCapture } from '../../../src/index.ts'
import { ethernet, ipv4, Protocol, pcapFile, tcpPacket, udp, utf8 } from './packet-builder.ts'

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

/** A capture that holds no packet. */
export const NO_PACKETS: Uint8Array = pcapFile([])
