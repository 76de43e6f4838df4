// What is remembered of a request until its response comes, and whether a 101 answers it with WebSocket (RFC 6455 §4.1, §4.2.2).
// In: heads. Out: what to remember of a request, the protocol of a 101, the finding about a refusal.
import { type FindingEvent, makeFinding } from '../base/findings.ts'
import { shortened } from '../base/shortened.ts'
import type { AcceptFor } from './accept.ts'
import type { Message } from './head-reader.ts'
import { hasToken, headerValue, lineNamed, listElements } from './header-values.ts'

/** A request whose response has not come. */
export interface AwaitedRequest {
  readonly isHead: boolean
  readonly isConnect: boolean
  /** Its Upgrade header names WebSocket: what follows it may be frames. */
  readonly namesWebSocket: boolean
  /** It asks for WebSocket as RFC 6455 §4.1 demands: a GET with Upgrade and Connection. */
  readonly asksForWebSocket: boolean
  /** Kept only if the request is for WebSocket, or may be because a gap cut it. */
  readonly message: Message | undefined
  /** The packet that completed its head. */
  readonly packet: number
  /** The bytes that are charged for remembering it. */
  readonly cost: number
}

/** Bytes charged for a request whose head is not kept. */
const REQUEST_COST = 96

/** What to remember of a request. */
export function awaitedRequest(message: Message): AwaitedRequest {
  const namesWebSocket = hasToken(message, 'upgrade', 'websocket')
  const isGet = message.method === 'GET'
  const keepsHead = namesWebSocket || (message.cut && isGet)
  return {
    isHead: message.method === 'HEAD',
    isConnect: message.method === 'CONNECT',
    namesWebSocket,
    asksForWebSocket: namesWebSocket && isGet && hasToken(message, 'connection', 'upgrade'),
    message: keepsHead ? message : undefined,
    packet: message.lastPacket,
    cost: REQUEST_COST + (keepsHead ? message.cost : 0),
  }
}

/**
 * The protocol that a 101 switches to: `websocket`, another one, or undefined if nothing tells. `request`: the one that it
 * answers, if that may be for WebSocket.
 */
export function switchedProtocol(response: Message, request: AwaitedRequest | undefined): string | undefined {
  if (hasToken(response, 'upgrade', 'websocket')) return 'websocket'
  const [other] = listElements(response, 'upgrade')
  if (other !== undefined) return other
  // A client must refuse a 101 without an Upgrade header. Even so, both sides plainly meant WebSocket.
  const isWebSocket = request?.namesWebSocket || lineNamed(response, 'sec-websocket-accept') !== -1
  return isWebSocket ? 'websocket' : undefined
}

/** False if a 101 has another accept than the request's key demands; true if the key or the accept is missing. */
export function acceptFits(request: Message, response: Message, acceptFor: AcceptFor): boolean {
  const key = headerValue(request, 'sec-websocket-key')
  const accept = headerValue(response, 'sec-websocket-accept')
  return key === undefined || accept === undefined || accept === acceptFor(key)
}

/** The finding about a request for WebSocket that was not answered with a 101. */
export function refusal(request: Message, response: Message): FindingEvent {
  const place = {
    from: 'server',
    firstPacket: response.firstPacket,
    lastPacket: response.lastPacket,
  } as const
  const values = {
    what: 'response',
    request: shortened(request.startLine),
    response: shortened(response.startLine),
  } as const
  return makeFinding('upgrade-refused', values, place, response.time)
}
