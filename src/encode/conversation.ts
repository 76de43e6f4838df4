// Makes packets of one connection of a script: the handshake of TCP, that of WebSocket, the steps, the end.
import { concat, NO_BYTES } from '../base/bytes.ts'
import type { Side } from '../base/stream.ts'
import { deflateOf, handshakeHeads } from './handshake.ts'
import { addressBytes } from './packets.ts'
import type { ConnectionScript, EndpointScript, HandshakeScript, PacketsScript, Step } from './script.ts'
import { ScriptError, type ScriptPath } from './script-error.ts'
import type { SentPackets } from './sent-packets.ts'
import { FrameMaker } from './step-frames.ts'
import { type Peer, TcpConversation } from './tcp-conversation.ts'

const NANOSECONDS = 1e9
const DEFAULT_INTERVAL = 0.001
const FIRST_CLIENT_PORT = 50_000
const SERVER_PORT = 8765

/** What all connections of a capture share. */
export interface Surroundings {
  /** Where their packets go. */
  readonly packets: SentPackets
  /** Words of 32 bits. */
  readonly draw: () => number
  /** Bytes kept of each packet. */
  readonly snapLength: number
}

/** Sends the packets of the connection at `index` of a script. Throws ScriptError if it makes no sense. */
export function converse(
  script: ConnectionScript,
  index: number,
  { packets, draw, snapLength }: Surroundings,
): void {
  const path: ScriptPath = ['connections', index]
  const { midstream = false, handshake = {}, steps = [], interval = DEFAULT_INTERVAL } = script
  const { client, server, host, mostPayload } = endsOf(script, index, draw, path)
  const tcp = new TcpConversation({
    client,
    server,
    at: nanoseconds(script.at ?? 0),
    interval: nanoseconds(interval),
    segmentSize: script.segmentSize ?? mostPayload,
    snapLength,
    packets,
    path,
  })
  tcp.open(!midstream)
  const deflate = handshake === false ? null : deflateOf(handshake.deflate)
  if (handshake !== false && !midstream) shakeHands(tcp, handshake, host, draw, steps, path)
  const frames = new FrameMaker(deflate, draw)
  takeSteps(tcp, frames, steps, path)
  for (const side of ['server', 'client'] as const) {
    if (script.open !== true && !tcp.hasEnded(side)) tcp.end(side, 'fin')
  }
}

function shakeHands(
  tcp: TcpConversation,
  handshake: HandshakeScript,
  host: string,
  draw: () => number,
  steps: readonly Step[],
  path: ScriptPath,
): void {
  const heads = handshakeHeads(handshake, host, draw)
  const sends = steps.findIndex((step) => 'from' in step && !('end' in step))
  if (!heads.isAccepted && sends >= 0) {
    const status = `the handshake was refused with ${handshake.status}`
    throw new ScriptError([...path, 'steps', sends], `${status}: nothing can be sent; take the step out`)
  }
  tcp.send('client', heads.request, {}, path)
  tcp.send('server', heads.response, {}, path)
}

function takeSteps(tcp: TcpConversation, frames: FrameMaker, steps: readonly Step[], path: ScriptPath): void {
  const joined: Record<Side, Uint8Array> = { client: NO_BYTES, server: NO_BYTES }
  for (const [number, step] of steps.entries()) {
    const place = [...path, 'steps', number]
    if ('wait' in step) {
      tcp.wait(nanoseconds(step.wait))
      continue
    }
    const { from } = step
    if (tcp.hasEnded(from)) {
      throw new ScriptError(
        place,
        `the ${from} can send nothing more: its direction has ended; take the step out`,
      )
    }
    const after = step.after === undefined ? undefined : nanoseconds(step.after)
    if ('end' in step) {
      flush(tcp, joined, from, place)
      tcp.end(from, step.end, after)
      continue
    }
    const { packets = {} } = step
    const bytes = concat([joined[from], ...frames.framesOf(step, place)])
    joined[from] = NO_BYTES
    if (packets.join === true) {
      checkJoin(packets, place)
      joined[from] = bytes
    } else {
      tcp.send(from, bytes, packets, place, after)
    }
  }
  for (const side of ['client', 'server'] as const) flush(tcp, joined, side, path)
}

function flush(tcp: TcpConversation, joined: Record<Side, Uint8Array>, side: Side, path: ScriptPath): void {
  tcp.send(side, joined[side], {}, path)
  joined[side] = NO_BYTES
}

function checkJoin(packets: PacketsScript, path: ScriptPath): void {
  const other = Object.keys(packets).find((name) => name !== 'join')
  if (other === undefined) return
  throw new ScriptError(
    [...path, 'packets', other],
    'does not go with "join": the next step of this side describes the packets; move it there',
  )
}

function endsOf(script: ConnectionScript, index: number, draw: () => number, path: ScriptPath) {
  const defaultPort = FIRST_CLIENT_PORT + (index % (65_536 - FIRST_CLIENT_PORT))
  const isIpv6 = [script.client, script.server].some((end) => end?.address?.includes(':'))
  const client = peerOf(script.client, isIpv6 ? '2001:db8::1' : '192.0.2.1', defaultPort, 1, draw, [
    ...path,
    'client',
  ])
  const server = peerOf(script.server, isIpv6 ? '2001:db8::2' : '192.0.2.2', SERVER_PORT, 2, draw, [
    ...path,
    'server',
  ])
  if (client.address.length !== server.address.length) {
    const place = [...path, script.server?.address === undefined ? 'client' : 'server', 'address']
    throw new ScriptError(place, 'one end has IPv4 and the other IPv6; give both the same')
  }
  const address = script.server?.address ?? (isIpv6 ? '2001:db8::2' : '192.0.2.2')
  const host = `${isIpv6 ? `[${address}]` : address}:${server.port}`
  return { client, server, host, mostPayload: isIpv6 ? 1428 : 1448 }
}

function peerOf(
  script: EndpointScript = {},
  defaultAddress: string,
  defaultPort: number,
  station: number,
  draw: () => number,
  path: ScriptPath,
): Peer {
  const { address: text = defaultAddress, port = defaultPort, sequence = draw() } = script
  const address = addressBytes(text)
  if (address === undefined) {
    throw new ScriptError(
      [...path, 'address'],
      `${JSON.stringify(text)} is not an IPv4 or IPv6 address; give one`,
    )
  }
  // A locally administered address (IEEE 802).
  return { address, port, sequence, station: Uint8Array.of(2, 0, 0, 0, 0, station) }
}

function nanoseconds(seconds: number): number {
  return Math.round(seconds * NANOSECONDS)
}
