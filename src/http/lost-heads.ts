// Judges whether one side waits for a head of the other that was never captured. In: where both directions stand. Out: a verdict.

import type { HeldItem } from '../base/held-items.ts'
import type { HttpDirection } from './direction.ts'
import { beginsLikeFrame } from './frame-evidence.ts'
import type { Message } from './head-reader.ts'
import type { PendingRequests } from './pending-requests.ts'
import type { AwaitedRequest } from './requests.ts'

/**
 * True where the request of a captured response will not come any more: the client has been read past that response. A gap proves nothing,
 * since what it swallowed may have been earlier, and the request may wait behind another one.
 */
export function requestIsMissing(
  response: Message,
  client: HttpDirection | undefined,
  server: HttpDirection,
): boolean {
  if (server.held.full) return true
  if (client === undefined || client.resumed) return false
  if (client.ended) return true
  if (client.inHead || (client.place !== 'search' && client.place !== 'waiting')) return false
  return client.sawBytesBehind(response.lastPacket)
}

/**
 * A client waits behind its request for a response that may be lost. `upgraded`: the response was a 101, since frames follow;
 * `otherwise`: it was another one, since something else follows; undefined: it may yet come.
 */
export function weighLostResponse(
  request: AwaitedRequest,
  client: HttpDirection,
  server: HttpDirection | undefined,
): 'upgraded' | 'otherwise' | undefined {
  const asked = request.message?.lastPacket ?? 0
  const mayBeLost = server !== undefined && server.place === 'search' && server.missing && !server.inHead
  const isOver = server?.ended || client.held.full
  const isLost = mayBeLost && (server.sawBytesBehind(asked) || (server.gapped && isOver))
  const clientFrames = beginsLikeFrame(client.held.items, 'client', 0)
  const serverFrames = isLost && beginsLikeFrame(server.held.items, 'server', asked)
  const isUnseen = !server?.sawBytes && isOver
  if (isLost && beginsLikeRequest(client.held.items)) return 'otherwise'
  if (request.namesWebSocket && ((isLost && serverFrames) || ((isLost || isUnseen) && clientFrames)))
    return 'upgraded'
  return client.held.full || (isLost && client.held.hasBytes && !clientFrames) ? 'otherwise' : undefined
}

/**
 * True where a response is not to the request behind which the client waits: the client went on with something else than frames, and this
 * response has the accept of another request, or came later and the response to that request may be lost.
 */
export function answersLater(
  response: Message,
  requests: PendingRequests,
  client: HttpDirection | undefined,
): boolean {
  if (client?.place !== 'waiting') return false
  const isOther = response.status === 101 && !requests.hasUpgradeFor(response)
  if (!requests.hasLostResponses && !isOther) return false
  const { items } = client.held
  const wentOn = items.some(
    ({ item }) => item.kind === 'chunk' && (isOther || item.packet < response.firstPacket),
  )
  return wentOn && !beginsLikeFrame(items, 'client', 0)
}

/** Methods are upper-case letters, and no sender's frame begins with one: RSV1 on a reserved opcode. */
function beginsLikeRequest(items: readonly HeldItem[]): boolean {
  const [first] = items
  if (first?.item.kind !== 'chunk') return false
  const byte = first.item.bytes[first.item.start]!
  return byte >= 0x41 && byte <= 0x5a
}
