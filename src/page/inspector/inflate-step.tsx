// How a compressed message is read (RFC 7692 §7.2.2): its bytes, what is put back after them, the window that is taken over, and
// what comes out.
import { toHex } from '../../base/bytes.ts'
import { shownUtf8 } from '../captured-text.ts'
import { useWords } from '../words.tsx'
import type { InspectedMessage } from './inspected-frame.ts'
import { fieldColour, payloadSpot, type ReadFrame } from './read-frame.ts'
import { standsFor, useSpotClass } from './spot.ts'

/** Bytes of each part that are shown. */
const SHOWN = 96

/** The step for a compressed message. */
export function InflateStep({
  read,
  message,
}: {
  readonly read: ReadFrame
  readonly message: InspectedMessage
}) {
  const { inspector: words } = useWords()
  const spotClass = useSpotClass()
  const spot = payloadSpot(read, 0, read.payloadLength)
  const payload = read.fields.find(({ name }) => name === 'Payload data')
  const { wirePayload, payloadAt, window, data, frames } = message
  const own = { start: payloadAt, end: payloadAt + read.payloadLength }
  return (
    <section class="inflate-step">
      <h3>{words.inflating}</h3>
      <dl>
        <dt>{words.compressedBytes}</dt>
        <dd class="code">
          {wirePayload === undefined ? (
            words.notAtHand
          ) : (
            <>
              <Hex bytes={wirePayload} start={0} end={own.start} />
              <span {...standsFor(spot)} class={spotClass(spot, fieldColour(payload))}>
                <Hex bytes={wirePayload} start={own.start} end={Math.min(own.end, wirePayload.length)} />
              </span>{' '}
              <Hex bytes={wirePayload} start={own.end} end={wirePayload.length} />
              {frames.length > 1 && <span class="note">{words.ofFrames(frames.length)}</span>}
            </>
          )}
        </dd>
        <dt>{words.appended}</dt>
        <dd>
          <span class="code field-8 appended">00 00 ff ff</span> <span class="note">{words.whyAppended}</span>
        </dd>
        <dt>{words.window}</dt>
        <dd>
          {window === undefined || window.length === 0 ? (
            <span class="note">{words.noWindow}</span>
          ) : (
            <>
              <span class="note">{words.windowHolds(window.length)}</span>{' '}
              <q class="captured">{shownUtf8(window.subarray(Math.max(0, window.length - SHOWN)))}</q>
            </>
          )}
        </dd>
        <dt>{words.inflated}</dt>
        <dd>
          {data === undefined ? (
            <span class="note">{message.incomplete ? words.notInflated : words.notComplete}</span>
          ) : (
            <>
              <span class="code">
                <Hex bytes={data} start={0} end={data.length} />
              </span>{' '}
              {wirePayload !== undefined && (
                <span class="note">{words.ratio(wirePayload.length, data.length)}</span>
              )}
            </>
          )}
        </dd>
      </dl>
    </section>
  )
}

function Hex({
  bytes,
  start,
  end,
}: {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}) {
  const { inspector: words } = useWords()
  if (end <= start) return null
  const shown = Math.min(end, start + SHOWN)
  return (
    <>
      {toHex(bytes, ' ', start, shown)}
      {shown < end && <span class="note"> … {words.moreBytes(end - shown)}</span>}
    </>
  )
}
