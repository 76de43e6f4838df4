// The last lines of every table: totals of the whole capture.
import type { SummaryEvent } from '../../base/events.ts'
import { FINDINGS, type FindingCode, type Severity } from '../../base/findings.ts'
import { count, digits } from '../text/amount.ts'
import { escapeText } from '../text/escape.ts'
import type { Paint } from '../text/style.ts'
import { wrap } from '../text/wrap.ts'

/** A line of totals, and below it one for the findings and, if there are any, one for the packets that were skipped. */
export function totals(summary: SummaryEvent, width: number, paint: Paint): string {
  const amounts = [
    count(summary.packets, 'packet'),
    count(summary.bytes, 'byte'),
    count(summary.tcpConnections, 'TCP connection'),
    `${digits(summary.connections)} WebSocket`,
    count(summary.frames, 'frame'),
    count(summary.messages, 'message'),
  ]
  const all = Object.values(summary.findings).reduce((sum, number) => sum + number, 0)
  const lines = wrap(amounts.join(', '), width).map((line) => paint('bold', line))
  lines.push(
    ...wrap(all === 0 ? 'no findings' : `${count(all, 'finding')}: ${findingsInWords(summary)}`, width),
  )
  const skipped = Object.entries(summary.skipped)
  if (skipped.length > 0) lines.push(...wrap(`packets passed over: ${listed(skipped)}`, width))
  return `${lines.join('\n')}\n`
}

function findingsInWords({ findings, ofPeers = {} }: SummaryEvent): string {
  const words = Object.entries(SEVERITIES).flatMap(([severity, name]) => {
    const amounts = Object.entries(findings).flatMap(([code, all]): [string, number][] => {
      const entry = FINDINGS[code as FindingCode]
      const others = ofPeers[code] ?? 0
      const amount = entry.severity === severity ? all - others : entry.ofPeer === severity ? others : 0
      return amount === 0 ? [] : [[code, amount]]
    })
    return amounts.length === 0 ? [] : [`${name} (${listed(amounts)})`]
  })
  return words.join('; ')
}

const SEVERITIES: Readonly<Record<Severity, string>> = {
  violation: 'violations',
  warning: 'warnings',
  capture: 'of the capture',
}

function listed(amounts: readonly (readonly [name: string, number: number])[]): string {
  return amounts.map(([name, number]) => `${escapeText(name, 60)} ${digits(number)}`).join(', ')
}
