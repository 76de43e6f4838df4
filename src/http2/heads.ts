// In: a decoded header block. Out: a head (RFC 9113 §8.3, RFC 8441 §4). HTTP/2 has no start line: the one given here is made of
// pseudo-header fields.
import type { Head } from '../base/events.ts'
import type { DecodedBlock } from './header-decoder.ts'
import type { HeaderBlock } from './http2-frame.ts'

/** A head, and why fields of it may be missing. */
export interface Http2Head extends Head {
  readonly missing: DecodedBlock['missing']
  /** The bytes that are charged for holding it. */
  readonly cost: number
}

/** Bytes charged for a field in addition to HPACK's count: for the pair of strings. */
const FIELD_COST = 96

/** The head of a block; pseudo-header fields are among the headers, in the order in which they were sent. */
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

/** Whether a request asks for WebSocket: `unsure` if the fields that would tell may be missing. */
export function asksForWebSocket({ headers, missing }: Http2Head): 'yes' | 'no' | 'unsure' {
  const method = fieldValue(headers, ':method')
  const protocol = fieldValue(headers, ':protocol')?.toLowerCase()
  if (method === 'CONNECT' && protocol === 'websocket') return 'yes'
  if (missing === undefined) return 'no'
  if ((method ?? 'CONNECT') !== 'CONNECT' || (protocol ?? 'websocket') !== 'websocket') return 'no'
  const namesIt = protocol !== undefined || headers.some(([name]) => name.startsWith('sec-websocket-'))
  return namesIt ? 'yes' : 'unsure'
}
