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
  const isText = opcodeName === 'text'
  const isShared = message.frames.length > 1
  const own = { start: payloadAt, end: payloadAt + read.payloadLength }
  /** A character, with the bytes of the frame that stand for it. */
  const character = (from: number, to: number, text: string) => {
    const first = Math.max(from, own.start)
    const last = Math.min(to, own.end)
    if (first >= last) return <Captured key={from} class="elsewhere" text={text} />
    const spot = payloadSpot(read, first - payloadAt, last - payloadAt)
    return <Captured key={from} spot={spot} class={spotClass(spot, isShared ? 'own' : '')} text={text} />
  }
  /** What the frames before this one, this one, and those after it brought. A character that is cut counts as the earlier frame’s. */
  const stretches = (from: number, to: number) => {
    const edge = (place: number) => Math.min(to, Math.max(from, isText ? characterEnd(data, place) : place))
    const edges = [from, edge(own.start), edge(own.end), to]
    return edges.slice(1).map((last, i) => {
      const first = edges[i]!
      if (first >= last) return null
      const text = isText
        ? shownUtf8(data.subarray(first, last), 'lines')
        : `${toHex(data, ' ', first, last)} `
      return <Captured key={first} class={i !== 1 ? 'elsewhere' : isShared ? 'own' : ''} text={text} />
    })
  }
  const linked = isText ? Math.min(end, characterEnd(data, start + LINKED)) : start
  return (
    <>
      <p class={`captured message-text ${isText ? '' : 'code'}`}>
        {compressed ? (
          <Captured
            spot={all}
            class={spotClass(all)}
            text={isText ? shownUtf8(data.subarray(start, end), 'lines') : toHex(data, ' ', start, end)}
          />
        ) : (
          <>
            {isText &&
              charactersOf(data, start, linked).map(([text, from, to]) =>
                character(from, to, shownText(text, 'lines')),
              )}
            {stretches(linked, end)}
          </>
        )}
      </p>
      {isShared && (
        <p class="note">
          {compressed
            ? words.ofSeveralFrames(message.frames.length)
            : read.payloadLength === 0
              ? words.ownPartEmpty
              : words.ownPart}
        </p>
      )}
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

/** Text of the message that stands for bytes of the frame, or, without `spot`, of another one. */
function Captured(props: { readonly spot?: Spot; readonly class: string; readonly text: string }) {
  const { spot, text } = props
  return (
    <span {...(spot === undefined ? {} : standsFor(spot))} class={props.class}>
      {text}
    </span>
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
