// The sentences about holes in a stream, and about copies that differ: findings gap, truncated-packet and
// retransmission-conflict.
import type { FindingCode } from '../base/findings.ts'
import type { Gap, Side } from '../base/stream.ts'

const GAP_REASONS: Readonly<Record<Exclude<Gap['reason'], 'snapped'>, string>> = {
  acknowledged: 'the other side acknowledged them, and no packet of the capture holds them',
  waited: 'too much waited behind the hole',
  end: 'the connection or the capture ended before they came',
  limit: 'a limit made framewalk drop them',
  undecrypted: 'they could not be decrypted and verified',
}

/** The finding for a hole in what a side sent, at `offset` of its WebSocket stream. */
export function describeGap(
  from: Side,
  { length, isEstimate, reason, released }: Gap,
  offset: number,
): { readonly code: FindingCode; readonly message: string } {
  const bytes = `${isEstimate ? 'about ' : ''}${length === 1 ? '1 byte' : `${length} bytes`}`
  const place = `from byte ${offset} of its stream on`
  return reason === 'snapped'
    ? {
        code: 'truncated-packet',
        message: `The snapshot length cut ${bytes} of the ${from} from packet ${released}, ${place}.`,
      }
    : { code: 'gap', message: `${bytes} of the ${from} are missing, ${place}: ${GAP_REASONS[reason]}.` }
}

/** The sentence for a copy that differs from the first. */
export function describeConflict(packet: number, length: number, offset: number): string {
  const bytes = `${length} ${length === 1 ? 'byte' : 'bytes'}`
  return `Packet ${packet} sends ${bytes} again with other content, from byte ${offset} of the stream on; the first copy is used.`
}
