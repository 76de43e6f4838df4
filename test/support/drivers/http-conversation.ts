// Plays a conversation to HttpExchanges and says what came of it, in a form that is short to compare.
import { fromLatin1, toLatin1 } from '../../../src/base/bytes.ts'
import type { FindingEvent } from '../../../src/base/findings.ts'
import { Budget, type Limits, limitsWith } from '../../../src/base/limits.ts'
import type { Direction, EndReason, Gap } from '../../../src/base/stream.ts'
import { HttpExchanges } from '../../../src/http/exchanges.ts'
import { sentenceOf } from '../../../src/language/en/finding-sentences.ts'
import { acceptFor } from '../builders/accept-for.ts'
import type { Arrival, Turn } from '../builders/every-split.ts'
import { chunkWithin } from '../builders/stream-items.ts'

/** RFC 6455 §1.3's own handshake. */
export const RFC_REQUEST = [
  'GET /chat HTTP/1.1',
  'Host: server.example.com',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Origin: http://example.com',
  'Sec-WebSocket-Protocol: chat, superchat',
  'Sec-WebSocket-Version: 13',
  '\r\n',
].join('\r\n')
export const RFC_RESPONSE = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  'Sec-WebSocket-Protocol: chat',
  '\r\n',
].join('\r\n')
/** RFC 6455 §5.7: "Hello", masked and not. */
export const CLIENT_FRAME = '\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58'
export const SERVER_FRAME = '\x81\x05Hello'

/** What the side that opened the connection says. */
export const says = (text: string): Turn => ({ direction: 0, bytes: fromLatin1(text) })
/** What its peer says. */
export const answers = (text: string): Turn => ({ direction: 1, bytes: fromLatin1(text) })

/** Numbers the turns as packets; a gap or an end stands for itself. */
export function arrivalsOf(...steps: ReadonlyArray<Turn | Arrival>): Arrival[] {
  return steps.map((step, i) => {
    if ('bytes' in step) return { direction: step.direction, item: chunkWithin(step.bytes, i + 1) }
    const item = step.item.kind === 'chunk' ? step.item : { ...step.item, released: i + 1 }
    return { direction: step.direction, item }
  })
}

export function gap(direction: Direction, length: number, reason: Gap['reason'] = 'acknowledged'): Arrival {
  return { direction, item: { kind: 'gap', length, reason, released: 0, time: undefined } }
}

export function end(direction: Direction, reason: EndReason = 'fin'): Arrival {
  return { direction, item: { kind: 'end', reason, released: 0, time: undefined } }
}

/**
 * A connection that items are pushed to until it is upgraded; after that they are only recorded, because another reader takes
 * over.
 */
export interface Played {
  readonly http: HttpExchanges
  readonly budget: Budget
  readonly findings: readonly FindingEvent[]
  /** What came after the upgrade. */
  readonly later: Arrival[]
  push(arrivals: readonly Arrival[]): void
}

/** Pushes everything; after each push the bytes are overwritten, as a reader reuses its memory. */
export function play(
  arrivals: readonly Arrival[],
  options: { sawSyn?: boolean; limits?: Partial<Limits> } = {},
): Played {
  const limits = limitsWith(options.limits)
  const budget = new Budget(limits.waitingTotal)
  const findings: FindingEvent[] = []
  const later: Arrival[] = []
  const report = (finding: FindingEvent) => findings.push(finding)
  const http = new HttpExchanges({ acceptFor, sawSyn: options.sawSyn ?? true, limits, budget, report })
  const push = (more: readonly Arrival[]) => {
    for (const arrival of more) {
      if (http.state === 'upgraded') later.push(arrival)
      else {
        http.push(arrival.direction, arrival.item)
        if (arrival.item.kind === 'chunk') arrival.item.bytes.fill(0xee)
      }
    }
  }
  push(arrivals)
  return { http, budget, findings, later, push }
}

/** The held bytes of a direction and what came after the upgrade; a gap as `<length>`, the end as `.`. */
export function heldText({ http, later }: Played, direction: Direction): string {
  return [...http.held, ...later]
    .filter((held) => held.direction === direction)
    .map(({ item }) => {
      if (item.kind === 'chunk') return toLatin1(item.bytes, item.start, item.end)
      return item.kind === 'gap' ? `<${item.length}>` : '.'
    })
    .join('')
}

/** State, start lines, held bytes and findings of what was played. */
export function outcome(played: Played): Record<string, unknown> {
  const { upgrade, state, otherProtocol } = played.http
  return {
    state,
    otherProtocol,
    client: upgrade?.clientDirection,
    request: upgrade?.request?.startLine,
    response: upgrade?.response?.startLine,
    headers: [upgrade?.request?.headers, upgrade?.response?.headers],
    proxyProtocol: upgrade?.proxyProtocol,
    held: [heldText(played, 0), heldText(played, 1)],
    findings: played.findings.map((finding) => [finding.code, finding.from, sentenceOf(finding)]),
  }
}
