// How a message came together: its fragments, and the control frames that its sender put between them, as blocks with their packets; for a
// compressed one what is inflated, over which window, and what comes out.
import { toHex } from '../../bytes.ts'
import { Opcode } from '../../events.ts'
import { MessageFlag } from '../../page-data.ts'
import { shownText } from '../captured-text.ts'
import { useWords } from '../words.tsx'
import { countText, packetsText } from './amounts.ts'
import type { ReportCapture } from './capture.ts'
import { dataOf, messageOf, opcodeOf, payloadOf, rowsOfMessage, sideOf } from './frame-content.ts'
import { windowBefore } from './inspected.ts'
import { useNavigation } from './place.ts'

/** Blocks, and bytes of each, that are shown. */
const BLOCKS = 200
const SHOWN = 24
const TEXT_SHOWN = 400
const WINDOW_SHOWN = 90

const utf8 = new TextDecoder()

/** The message that a frame belongs to. */
export function MessageAssembly({ capture, row }: { readonly capture: ReportCapture; readonly row: number }) {
  const { report: words, names } = useWords()
  const { go } = useNavigation()
  const message = messageOf(capture, row)
  if (message === undefined) return null
  const { frames, messages } = capture
  const flags = messages.flags[message]!
  const compressed = (flags & MessageFlag.compressed) !== 0
  const parts = rowsOfMessage(capture, message)
  if (parts.length === 1 && !compressed) return null
  const blocks = withControlFrames(capture, parts)
  const data = dataOf(capture, message, TEXT_SHOWN)
  const window = compressed ? windowBefore(capture, message) : undefined
  return (
    <section class="message-assembly" aria-labelledby="assembly-title">
      <h3 id="assembly-title">
        {words.assembly(messages.message[message]!, messages.frameCount[message]!, sideOf(capture, row))}
      </h3>
      <ol class="blocks">
        {blocks.slice(0, BLOCKS).map((each) => {
          const isControl = opcodeOf(capture, each) >= Opcode.close
          const number = parts.indexOf(each) + 1
          return (
            <li key={each} class={isControl ? 'control' : `side-${sideOf(capture, each)}`}>
              <button
                type="button"
                class="prints"
                aria-current={each === row ? 'true' : undefined}
                onClick={() => go({ frame: frames.frame[each]!, field: undefined, step: undefined })}
              >
                <strong>
                  {isControl ? names.opcode(opcodeOf(capture, each)) : words.part(number, parts.length)}
                </strong>
                <span>
                  {words.frameNumber(frames.frame[each]!)},{' '}
                  {words.packetNumbers(packetsText(frames.firstPacket[each]!, frames.lastPacket[each]!))}
                </span>
                <span class="mono">
                  {shortHex(payloadOf(capture, each, SHOWN), frames.payloadLength[each]!)}
                </span>
                <span>{words.bytes(frames.payloadLength[each]!)}</span>
              </button>
            </li>
          )
        })}
        {blocks.length > BLOCKS && (
          <li class="note">{words.moreBlocks(countText(blocks.length - BLOCKS))}</li>
        )}
        {compressed && (
          <li class="appended">
            <div>
              <strong>{words.appended}</strong>
              <span class="mono">00 00 ff ff</span>
              <span>RFC 7692 §7.2.2</span>
            </div>
          </li>
        )}
      </ol>
      {compressed && (
        <p>
          <strong>{words.windowBefore}</strong>{' '}
          {window === undefined ? (
            words.noWindow
          ) : (
            <>
              {words.bytes(window.length)} <q class="captured">…{windowEnd(window)}</q>
            </>
          )}
        </p>
      )}
      <p>
        <strong>{compressed ? words.inflatedTo : words.joinedTo}</strong>{' '}
        {words.bytes(messages.length[message]!)}{' '}
        <q class="captured">
          {flags & MessageFlag.isText
            ? shownText(utf8.decode(data), 'lines')
            : shortHex(data.subarray(0, 64), data.length)}
          {data.length < messages.length[message]! ? '…' : ''}
        </q>
        {(flags & MessageFlag.incomplete) !== 0 && <span class="note"> {words.incomplete}</span>}
      </p>
    </section>
  )
}

/** With the control frames that the same side sent between them. */
function withControlFrames(capture: ReportCapture, parts: readonly number[]): number[] {
  const { connection } = capture.frames
  const [first] = parts as [number]
  const rows: number[] = []
  for (let row = first; row <= parts.at(-1)! && rows.length <= BLOCKS + 1; row++) {
    if (connection[row] !== connection[first] || sideOf(capture, row) !== sideOf(capture, first)) continue
    if (opcodeOf(capture, row) >= Opcode.close || parts.includes(row)) rows.push(row)
  }
  return rows
}

/** As far as a reader needs it to recognise what was sent before. */
function windowEnd(window: Uint8Array): string {
  const text = utf8.decode(window.subarray(Math.max(0, window.length - WINDOW_SHOWN)))
  return text.replaceAll(/[\p{Cc}\p{Cf}\ufffd]/gu, '·')
}

function shortHex(bytes: Uint8Array, length: number): string {
  return toHex(bytes, ' ') + (bytes.length < length ? ' …' : '')
}
