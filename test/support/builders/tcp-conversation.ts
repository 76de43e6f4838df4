// What two programs say to each other, as packets of one TCP connection: any bytes, or WebSocket frames after a handshake.
import type { Direction } from '../../../src/base/stream.ts'
import { encodeFrame, type FrameFields } from '../../../src/websocket/encode.ts'
import type { Recorded } from '../../damage/damage.ts'
import { acceptFor } from './accept-for.ts'
import { tcpPacket, utf8 } from './packet-builder.ts'

const MSS = 1448
const CLIENT = { address: '10.0.0.1', port: 40_000 }

/** A message and who sends it: 0 is the client. */
export type Spoken = readonly [from: Direction, bytes: Uint8Array]

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
/** For `conversation`: messages are compressed. */
export const DEFLATE = 'permessage-deflate'

/** Frames after a handshake to port 8765, each in packets of its own; `extension` is offered and accepted. */
export function conversation(frames: readonly Spoken[], extension = ''): Recorded[] {
  const agreed = extension === '' ? '' : `Sec-WebSocket-Extensions: ${extension}\r\n`
  const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\n'
  const request = `GET /chat HTTP/1.1\r\nHost: example.org\r\n${upgrade}Sec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n${agreed}\r\n`
  const response = `HTTP/1.1 101 Switching Protocols\r\n${upgrade}Sec-WebSocket-Accept: ${acceptFor(KEY)}\r\n${agreed}\r\n`
  return packetsOf([[0, utf8(request)], [1, utf8(response)], ...frames], 8765)
}

let keys = 0

/** A frame of either side: whole, of text, the client's masked with another key each time, unless `fields` say otherwise. */
export function frame(from: Direction, fields: Partial<FrameFields>): Spoken {
  const maskingKey = from === 0 ? Math.imul(++keys, 0x9e3779b9) >>> 0 : undefined
  return [from, encodeFrame({ fin: true, opcode: 1, payload: new Uint8Array(0), maskingKey, ...fields })]
}

/** Each message in packets of its own, a tenth of a millisecond after the other; neither SYN nor FIN. */
export function packetsOf(
  spoken: ReadonlyArray<readonly [Direction, Uint8Array]>,
  serverPort: number,
): Recorded[] {
  const server = { address: '10.0.0.2', port: serverPort }
  const sequences: [number, number] = [1000, 5000]
  const packets: Recorded[] = []
  for (const [from, message] of spoken) {
    const [source, destination] = from === 0 ? [CLIENT, server] : [server, CLIENT]
    for (let at = 0; at < message.length; at += MSS) {
      const payload = message.subarray(at, at + MSS)
      const acknowledgment = sequences[from === 0 ? 1 : 0]
      const bytes = tcpPacket({ source, destination, sequence: sequences[from], acknowledgment, payload })
      const time = {
        seconds: Math.floor(packets.length / 10_000),
        nanoseconds: (packets.length % 10_000) * 100_000,
      }
      packets.push({ bytes, originalLength: bytes.length, time, linkType: 1 })
      sequences[from] += payload.length
    }
  }
  return packets
}
