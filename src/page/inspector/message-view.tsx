// What the message says: text character by character, each linked to its bytes if nothing was compressed; binary data as hex.
import { useState } from 'preact/hooks'
import { toHex } from '../../base/bytes.ts'
import { Opcode } from '../../base/events.ts'
import { readCloseBody } from '../../websocket/close.ts'
import { shownText, shownUtf8 } from '../captured-text.ts'
import { useWords } from '../words.tsx'
import { payloadSpot, type ReadFrame, unmaskedPayload } from './read-frame.ts'
import { type Spot, standsFor, useSpotClass } from './spot.ts'

/** Bytes of a message that are shown at once. */
const SHOWN = 2048
/** Bytes of text that are linked to their bytes, character by character. */
const LINKED = 512

const utf8 = new TextDecoder('utf-8')

/** The message that the frame is part of; for a control frame, its own body. */
export function MessageView({ read }: { readonly read: ReadFrame }) {
  const { inspector: words } = useWords()
  const { message } = read.frame
  const [at, setAt] = useState(0)
  const spotClass = useSpotClass()
  if (message === undefined) return <ControlBody read={read} />
  const { data, compressed, payloadAt, opcodeName } = message
  if (data === undefined)
    return <p class="note">{message.incomplete ? words.notInflated : words.notComplete}</p>
  if (data.length === 0) return <p class="note">{words.emptyMessage}</p>
  const start = Math.min(at, data.length - 1)
  const end = Math.min(data.length, start + SHOWN)
  const all = payloadSpot(read, 0, read.payloadLength)
  const spotAt = (from: number, to: number): Spot | undefined => {
    if (compressed) return undefined
    const first = Math.max(0, from - payloadAt)
    const last = Math.min(read.payloadLength, to - payloadAt)
    return first < last ? payloadSpot(read, first, last) : undefined
  }
  return (
    <>
      <p class={`captured message-text ${opcodeName === 'binary' ? 'code' : ''}`}>
        {opcodeName === 'binary' ? (
          toHex(data, ' ', start, end)
        ) : compressed ? (
          <span {...standsFor(all)} class={spotClass(all)}>
            {shownUtf8(data.subarray(start, end), 'lines')}
          </span>
        ) : (
          <>
            {charactersOf(data, start, Math.min(end, start + LINKED)).map(([character, from, to]) => {
              const spot = spotAt(from, to)
              return (
                <span
                  key={from}
                  {...(spot === undefined ? {} : standsFor(spot))}
                  class={spot === undefined ? 'elsewhere' : spotClass(spot)}
                >
                  {shownText(character, 'lines')}
                </span>
              )
            })}
            {shownUtf8(data.subarray(characterEnd(data, start + LINKED), end), 'lines')}
          </>
        )}
      </p>
      {message.incomplete && <p class="note">{words.incomplete}</p>}
      {data.length > SHOWN && (
        <nav class="window-controls" aria-label={words.message}>
          <button type="button" disabled={start === 0} onClick={() => setAt(Math.max(0, start - SHOWN))}>
            {words.earlier}
          </button>
          <span aria-live="polite">{words.range(start, end - 1, data.length)}</span>
          <button type="button" disabled={end === data.length} onClick={() => setAt(end)}>
            {words.later}
          </button>
        </nav>
      )}
    </>
  )
}

function ControlBody({ read }: { readonly read: ReadFrame }) {
  const { inspector: words, names } = useWords()
  const spotClass = useSpotClass()
  const { header, payloadLength } = read
  if (header === undefined) return <p class="note">{words.noHeader}</p>
  if (payloadLength === 0) return <p class="note">{words.noPayload}</p>
  const payload = unmaskedPayload(read, 0, Math.min(payloadLength, SHOWN))
  const close = header.opcode === Opcode.close ? readCloseBody(payload) : undefined
  if (close !== undefined) {
    const code = payloadSpot(read, 0, 2)
    const reason = payloadSpot(read, 2, payloadLength)
    return (
      <p>
        <span {...standsFor(code)} class={spotClass(code, 'code')}>
          {close.code}
        </span>{' '}
        {names.closeCode(close.code)}{' '}
        {payloadLength > 2 && (
          <q {...standsFor(reason)} class={spotClass(reason, 'captured')}>
            {shownText(close.reason, 'lines')}
          </q>
        )}
      </p>
    )
  }
  const spot = payloadSpot(read, 0, payloadLength)
  return (
    <p>
      {words.controlBody(names.frame(header.opcode))}{' '}
      <span {...standsFor(spot)} class={spotClass(spot, 'code')}>
        {toHex(payload, ' ')}
      </span>{' '}
      <q class="captured">{shownUtf8(payload, 'lines')}</q>
    </p>
  )
}

/** Each character of `[start, end)` with the range of its bytes; bytes that are not UTF-8 as U+FFFD, one byte each. */
function charactersOf(data: Uint8Array, start: number, end: number): [string, number, number][] {
  const characters: [string, number, number][] = []
  for (let at = start; at < end; ) {
    const lead = data[at]!
    const length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    const text = utf8.decode(data.subarray(at, at + length))
    const whole = text.length === 1 || (length === 4 && text.length === 2)
    const to = Math.min(data.length, whole ? at + length : at + 1)
    characters.push([whole ? text : '\ufffd', at, to])
    at = to
  }
  return characters
}

/** The end of the character that `at` is in. */
function characterEnd(data: Uint8Array, at: number): number {
  let end = Math.min(at, data.length)
  while (end < data.length && (data[end]! & 0xc0) === 0x80) end++
  return end
}
