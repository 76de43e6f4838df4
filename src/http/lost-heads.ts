// Judges whether one side waits for a head of the other side that was not captured. In: the state of both directions. Out: a
// verdict. README.md says when it is asked.
import type { HeldItem } from '../base/held-items.ts'
import type { HttpDirection } from './direction.ts'
import { beginsLikeFrame } from './frame-evidence.ts'
import type { Message } from './head-reader.ts'
import type { PendingRequests } from './pending-requests.ts'
import type { AwaitedRequest } from './requests.ts'

/**
 * True if the request of a captured response will not come any more: the client has been read past that response or has ended, or
 * too much waits. A gap proves nothing: what it swallowed may be earlier, and the request may be among what still waits.
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
 * The client has sent a request and waits for a response that may be lost. `upgraded`: it was a 101, because frames follow.
 * `otherwise`: it was another response, because something else follows or too much waits. Undefined: it may still come.
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
 * True if a response does not answer the request for which the client waits. The client then went on with something other than
 * frames. And either this is a 101 with the accept of another request, or responses may be lost and the client went on before
 * this one came.
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

/**
 * Methods are upper-case letters. A frame may begin with one: A and B begin the first fragment of a compressed message. Its second byte
 * has MASK set, which no letter has.
 */
function beginsLikeRequest(items: readonly HeldItem[]): boolean {
  const [first] = items
  if (first?.item.kind !== 'chunk') return false
  const { bytes, start, end } = first.item
  return isUpperCase(bytes[start]!) && start + 1 < end && isUpperCase(bytes[start + 1]!)
}

function isUpperCase(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a
}
