// Judges whether one side waits for a head of the other that was never captured. In: where both directions stand. Out: a verdict.
import type { Direction } from '../stream.ts'
import { beginsLikeFrame } from './frame-evidence.ts'
import type { Message } from './head-reader.ts'
import type { Lane } from './lane.ts'
import type { AwaitedRequest } from './requests.ts'

/**
 * True where the request of a captured response will not come any more. A gap alone proves nothing, since what it swallowed may have been
 * earlier: all that waited behind it comes at once, before anything of the other direction. `atHand`: whose item was read last.
 */
export function requestIsMissing(
  response: Message,
  client: Lane | undefined,
  server: Lane,
  atHand: Direction,
): boolean {
  if (server.held.full) return true
  if (client === undefined || client.resumed) return false
  if (client.ended) return true
  if (client.place !== 'search' || client.inHead) return false
  return client.sawBytesBehind(response.lastPacket) || (client.gapped && atHand !== client.direction)
}

/**
 * A client waits behind its request for a response that may be lost. `upgraded`: the response was a 101, since frames follow;
 * `otherwise`: it was another one, since something else follows; undefined: it may yet come.
 */
export function weighLostResponse(
  request: AwaitedRequest,
  client: Lane,
  server: Lane | undefined,
  atHand: Direction,
): 'upgraded' | 'otherwise' | undefined {
  const asked = request.message?.lastPacket ?? 0
  const mayBeLost = server !== undefined && server.place === 'search' && server.missing && !server.inHead
  const isLost =
    mayBeLost &&
    (server.sawBytesBehind(asked) || (server.gapped && (server.ended || atHand !== server.direction)))
  const clientFrames = beginsLikeFrame(client.held.items, 'client', 0)
  const serverFrames = isLost && beginsLikeFrame(server.held.items, 'server', asked)
  const isUnseen = !server?.sawBytes && (server?.ended || client.held.full)
  if (request.namesWebSocket && ((isLost && serverFrames) || ((isLost || isUnseen) && clientFrames)))
    return 'upgraded'
  return client.held.full || (isLost && client.held.hasBytes && !clientFrames) ? 'otherwise' : undefined
}

/** True where a client that waited behind its request went on, before this response, with something else than frames: the response is to that. */
export function wentOnBefore(response: Message, client: Lane | undefined): boolean {
  if (client?.place !== 'waiting') return false
  const { items } = client.held
  const wentOn = items.some(({ item }) => item.kind === 'chunk' && item.packet < response.firstPacket)
  return wentOn && !beginsLikeFrame(items, 'client', 0)
}
