// What is remembered of a request until its response comes, and whether a 101 answers it with WebSocket (RFC 6455 §4.1, §4.2.2).
import { type FindingEvent, makeFinding } from '../base/findings.ts'
import type { AcceptFor } from './accept.ts'
import type { Message } from './head-reader.ts'
import { hasToken, headerValue, lineNamed, listElements } from './header-values.ts'

export interface AwaitedRequest {
  readonly isHead: boolean
  readonly isConnect: boolean
  /** It names WebSocket in Upgrade: what comes behind it may be frames. */
  readonly namesWebSocket: boolean
  /** It asks for WebSocket as RFC 6455 §4.1 has it. */
  readonly asksForWebSocket: boolean
  /** Kept only where the request is, or (cut by a gap) may be, one for WebSocket. */
  readonly message: Message | undefined
  /** The packet that completed its head. */
  readonly packet: number
  /** What it costs to remember it, in bytes. */
  readonly cost: number
}

/** What a request costs of which no head is kept. */
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

/** The protocol that a 101 switches to: `websocket`, another one, or undefined where nothing tells. `request`: the one it answers, if that may be one for WebSocket. */
export function switchedProtocol(response: Message, request: AwaitedRequest | undefined): string | undefined {
  if (hasToken(response, 'upgrade', 'websocket')) return 'websocket'
  const [other] = listElements(response, 'upgrade')
  if (other !== undefined) return other
  // Without its Upgrade header a client must refuse the response; that both meant WebSocket is plain all the same.
  const isWebSocket = request?.namesWebSocket || lineNamed(response, 'sec-websocket-accept') !== -1
  return isWebSocket ? 'websocket' : undefined
}

/** False where a 101 has another accept than belongs to the request's key. */
export function acceptFits(request: Message, response: Message, acceptFor: AcceptFor): boolean {
  const key = headerValue(request, 'sec-websocket-key')
  const accept = headerValue(response, 'sec-websocket-accept')
  return key === undefined || accept === undefined || accept === acceptFor(key)
}

const LONGEST_SHOWN = 120

/** The finding of a request for WebSocket that was answered otherwise. */
export function refusal(request: Message, response: Message): FindingEvent {
  const place = {
    from: 'server',
    firstPacket: response.firstPacket,
    lastPacket: response.lastPacket,
  } as const
  const values = { what: 'response', request: shown(request), response: shown(response) } as const
  return makeFinding('upgrade-refused', values, place, response.time)
}

function shown({ startLine }: Message): string {
  return startLine.length > LONGEST_SHOWN ? `${startLine.slice(0, LONGEST_SHOWN)}…` : startLine
}
