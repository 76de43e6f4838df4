// The bytes of a frame that a finding is about, in their place: the header in hex and bits, the payload in hex, the offending bits marked.
import { toHex } from '../../base/bytes.ts'
import { shownUtf8 } from '../captured-text.ts'
import { payloadSpot, type ReadFrame, unmaskedPayload } from '../inspector/read-frame.ts'
import type { Spot } from '../inspector/spot.ts'
import { useWords } from '../words.tsx'

/** Bytes of a payload that are shown before the offending ones, and from there on. */
const BEFORE = 8
const FROM_THERE = 32

/** The header, byte by byte: hex above, bits below. */
export function MarkedHeader({ read, spots }: { readonly read: ReadFrame; readonly spots: readonly Spot[] }) {
  const { cards: words, fields } = useWords()
  const { frame, payloadAt } = read
  const isMarked = (bit: number): boolean => spots.some(({ start, end }) => bit >= start && bit < end)
  const names = read.fields.filter(({ firstBit, bits }) =>
    spots.some(({ start, end }) => start < firstBit + bits && firstBit < end),
  )
  return (
    <>
      <p class="header-bytes">
        {Array.from({ length: payloadAt }, (_, at) => (
          <span key={at} class="header-byte">
            <code>{toHex(frame.bytes, '', at, at + 1)}</code>
            <code class="header-bits">
              {Array.from({ length: 8 }, (_, i) => {
                const bit = (frame.bytes[at]! >> (7 - i)) & 1
                return isMarked(at * 8 + i) ? <mark key={i}>{bit}</mark> : <span key={i}>{bit}</span>
              })}
            </code>
          </span>
        ))}
      </p>
      {names.length > 0 && (
        <p class="note">{words.marked(names.map(({ name }) => fields.names[name]).join(', '))}</p>
      )}
    </>
  )
}

/** The payload around the offending bytes, as on the wire and, where it was masked, unmasked. */
export function MarkedPayload({ read, spot }: { readonly read: ReadFrame; readonly spot: Spot }) {
  const { cards: words } = useWords()
  const { payloadAt, payloadLength, header, frame } = read
  const start = Math.max(0, spot.start / 8 - payloadAt)
  const end = Math.min(payloadLength, spot.end / 8 - payloadAt)
  const masked = header?.masked === true
  const from = Math.max(0, start - BEFORE)
  const to = Math.min(payloadLength, start + FROM_THERE)
  const wire = frame.bytes.subarray(payloadAt + from, payloadAt + to)
  return (
    <>
      {masked && (
        <p>
          {words.onTheWire}{' '}
          <MarkedRange bytes={wire} at={from} start={start} end={end} total={payloadLength} />
        </p>
      )}
      <p>
        {masked ? words.unmasked : words.payload}{' '}
        <MarkedRange
          bytes={unmaskedPayload(read, from, to)}
          at={from}
          start={start}
          end={end}
          total={payloadLength}
        />
      </p>
      <p class="note">{words.fromByte(start, payloadLength)}</p>
    </>
  )
}

/** What the message says around the bytes that are wrong: of one that came in several frames, or was compressed. */
export function MarkedMessage(props: {
  readonly data: Uint8Array
  readonly start: number
  readonly end: number
}) {
  const { cards: words } = useWords()
  const { data, start, end } = props
  const from = Math.max(0, start - BEFORE)
  const to = Math.min(data.length, start + FROM_THERE)
  return (
    <>
      <p>
        {words.messageBytes}{' '}
        <MarkedRange bytes={data.subarray(from, to)} at={from} start={start} end={end} total={data.length} />
      </p>
      <p class="note">{words.fromByte(start, data.length)}</p>
      {start > 0 && (
        <p>
          {words.textBefore}{' '}
          <q class="captured">{shownUtf8(data.subarray(Math.max(0, start - FROM_THERE), start))}</q>
        </p>
      )}
    </>
  )
}

/** Whether a spot lies in the payload. */
export function isInPayload(read: ReadFrame, spot: Spot): boolean {
  return spot.start >= payloadSpot(read, 0).start && spot.end > spot.start
}

/** `bytes` stand at byte `at` of `total`; `[start, end)` of them all are marked. */
function MarkedRange(props: {
  readonly bytes: Uint8Array
  readonly at: number
  readonly start: number
  readonly end: number
  readonly total: number
}) {
  const { bytes, at, total } = props
  const start = props.start - at
  const end = Math.min(bytes.length, props.end - at)
  return (
    <code>
      {at > 0 && '… '}
      {toHex(bytes, ' ', 0, start)} <mark>{toHex(bytes, ' ', start, end)}</mark> {toHex(bytes, ' ', end)}
      {at + bytes.length < total && ' …'}
    </code>
  )
}
