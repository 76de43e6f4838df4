// A header block as a head: RFC 9113 §8.3, RFC 8441 §4. HTTP/2 has no start line; the one given here is put together from pseudo-header fields.
import type { Head } from '../base/events.ts'
import type { DecodedBlock } from './header-decoder.ts'
import type { HeaderBlock } from './http2-frame.ts'

/** A head whose fields may be missing, and why they are. */
export interface Http2Head extends Head {
  readonly missing: DecodedBlock['missing']
  /** What it costs to hold on to it, in bytes. */
  readonly cost: number
}

/** What a field costs beside its bytes: a pair, and what HPACK does not count. */
const FIELD_COST = 96

/** The head of a block; pseudo-header fields stand among the headers, as they were sent. */
export function headOf(block: HeaderBlock, { fields, size, missing }: DecodedBlock): Http2Head {
  const { firstPacket, lastPacket, time } = block
  const cost = size + fields.length * FIELD_COST
  const status = fieldValue(fields, ':status')
  const request = `${fieldValue(fields, ':method') ?? '?'} ${fieldValue(fields, ':path') ?? '?'} HTTP/2`
  const startLine = status === undefined ? request : `HTTP/2 ${status}`
  return { firstPacket, lastPacket, time, startLine, headers: fields, missing, cost }
}

/** The value of the first field of a name. */
export function fieldValue(fields: Head['headers'], name: string): string | undefined {
  return fields.find(([field]) => field === name)?.[1]
}

/** What a request's head asks for: `unsure` where the fields that would tell are missing. */
export function asksForWebSocket({ headers, missing }: Http2Head): 'yes' | 'no' | 'unsure' {
  const method = fieldValue(headers, ':method')
  const protocol = fieldValue(headers, ':protocol')?.toLowerCase()
  if (method === 'CONNECT' && protocol === 'websocket') return 'yes'
  if (missing === undefined) return 'no'
  if ((method ?? 'CONNECT') !== 'CONNECT' || (protocol ?? 'websocket') !== 'websocket') return 'no'
  const namesIt = protocol !== undefined || headers.some(([name]) => name.startsWith('sec-websocket-'))
  return namesIt ? 'yes' : 'unsure'
}
