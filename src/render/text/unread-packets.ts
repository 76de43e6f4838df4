// What to say of a capture of which no packet could be read: which reasons there were, and the cure. A program that runs framewalk
// must not take such a capture for one without WebSocket.
import type { SummaryEvent } from '../../base/events.ts'
import { count } from './amount.ts'

/** What of the totals tells whether packets were read. */
export type ReadTotals = Pick<SummaryEvent, 'packets' | 'skipped' | 'findings'>

/** How many reasons are listed. */
const MOST_REASONS = 5

/** The cure for each finding that says that packets could not be read, the most telling first. */
const CURES = [
  ['unsupported-link-type', 'record it on another interface'],
  ['tunnel-not-read', 'record it at an end of the tunnel'],
  ['truncated-packet', 'record whole packets (tcpdump -s 0)'],
  ['quic-not-read', 'record it with HTTP/3 switched off'],
] as const

/** The reason for frames of a wireless network that encrypts, and its cure. */
const WIRELESS = '802.11 encrypted'
const JOIN = 'record it on a machine in that network'

/** Reasons of packets that were not read to their end, whether a finding says so or not. The others are of packets without TCP. */
const UNREAD =
  /^(QUIC|MPLS|GRE .+|NSH without IP|tunnels nested too deep|.+ \(UDP \d+\)|(unsupported|unknown|truncated|malformed) .+)$/

/** `none of its 3 packets can be read (ESP 3)`, and what to do about it. */
export interface UnreadPackets {
  readonly fact: string
  readonly cure: string
}

/**
 * Undefined if some packet holds TCP, or there is none, or packets were read that hold something else (ARP, ICMP, UDP). What is
 * hidden by a link type, a tunnel or a wireless network counts also beside those: whoever records a tunnel records ARP as well.
 */
export function unreadPackets({ packets, skipped, findings }: ReadTotals): UnreadPackets | undefined {
  const reasons = Object.entries(skipped)
  if (packets === 0 || sum(reasons) < packets) return undefined
  const isHidden = 'unsupported-link-type' in findings || 'tunnel-not-read' in findings || WIRELESS in skipped
  if (!isHidden && !reasons.every(([reason]) => UNREAD.test(reason))) return undefined
  const cure = WIRELESS in skipped ? JOIN : (CURES.find(([code]) => code in findings)?.[1] ?? CURES[0][1])
  return { fact: `none of its ${count(packets, 'packet')} can be read (${listed(reasons)})`, cure }
}

type Reasons = readonly (readonly [reason: string, packets: number])[]

function listed(skipped: Reasons): string {
  const shown = skipped.slice(0, MOST_REASONS).map(([reason, packets]) => `${reason} ${packets}`)
  return [...shown, ...(skipped.length > MOST_REASONS ? ['…'] : [])].join(', ')
}

function sum(skipped: Reasons): number {
  return skipped.reduce((total, [, packets]) => total + packets, 0)
}
