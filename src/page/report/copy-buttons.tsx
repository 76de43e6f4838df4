import { useEffect, useState } from 'preact/hooks'
import { toHex, wordToHex } from '../../base/bytes.ts'
import { type CloseBody, Opcode } from '../../base/events.ts'
import { escapeUnseen } from '../../base/unseen-characters.ts'
import { FrameFlag } from '../../report/page-data.ts'
import { readCloseBody } from '../../websocket/close.ts'
import { useWords } from '../words.tsx'
import type { ReportCapture } from './capture.ts'
import { dataOf, headerOf, messageOf, opcodeNameOf, payloadOf, sideOf } from './frame-content.ts'
import { inspectedFrame } from './inspected.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Copies a frame: its bytes as hex, what it says as text, its payload in base64, all of it as JSON. */
export function CopyButtons({ capture, row }: { readonly capture: ReportCapture; readonly row: number }) {
  const { report: words } = useWords()
  const [said, setSaid] = useState('')
  useEffect(() => setSaid(''), [row])
  const copies: readonly (readonly [string, () => string])[] = [
    [words.copyHex, () => toHex(inspectedFrame(capture, row).bytes, ' ')],
    [words.copyText, () => utf8.decode(saidBy(capture, row))],
    [words.copyBase64, () => base64(payloadOf(capture, row))],
    [words.copyJson, () => escapeUnseen(JSON.stringify(recordOf(capture, row), undefined, 2))],
  ]
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame around four buttons
    <div class="copy-buttons" role="group" aria-label={words.copy}>
      <span aria-hidden="true">{words.copy}</span>
      {copies.map(([name, text]) => (
        <button
          key={name}
          type="button"
          onClick={() =>
            navigator.clipboard.writeText(text()).then(
              () => setSaid(words.copied(name)),
              () => setSaid(words.notCopied),
            )
          }
        >
          {name}
        </button>
      ))}
      <span role="status" class="note">
        {said}
      </span>
    </div>
  )
}

/** The message if the frame is part of one, else its payload. */
function saidBy(capture: ReportCapture, row: number): Uint8Array {
  const message = messageOf(capture, row)
  return message === undefined ? payloadOf(capture, row) : dataOf(capture, message)
}

/** As `framewalk --format ndjson` prints it, as far as the report holds it. */
function recordOf(capture: ReportCapture, row: number): object {
  const { frames } = capture
  const header = headerOf(capture, row)
  const holes = capture.holes.get(row)
  const close = closeOf(capture, row)
  const message = completedMessage(capture, row)
  const answers = frames.answers[row]!
  return {
    type: 'frame',
    connection: frames.connection[row],
    frame: frames.frame[row],
    from: sideOf(capture, row),
    packet: { first: frames.firstPacket[row], last: frames.lastPacket[row] },
    time: isoTime(capture, row),
    offset: frames.offset[row],
    fin: header.fin,
    rsv1: header.rsv1,
    rsv2: header.rsv2,
    rsv3: header.rsv3,
    opcode: header.opcode,
    opcodeName: opcodeNameOf(capture, row),
    masked: header.masked,
    maskingKey: header.maskingKey === undefined ? null : wordToHex(header.maskingKey),
    headerLength: header.headerLength,
    payloadLength: header.payloadLength,
    capturedLength: frames.capturedLength[row],
    ...(holes && { holes }),
    payload: base64(payloadOf(capture, row)),
    ...(close && { close }),
    ...(message !== undefined && { message }),
    ...(answers > 0 && { answers }),
  }
}

function closeOf(capture: ReportCapture, row: number): CloseBody | undefined {
  if (headerOf(capture, row).opcode !== Opcode.close) return undefined
  return readCloseBody(payloadOf(capture, row), (capture.frames.flags[row]! & FrameFlag.cut) === 0)
}

/** The number of the message that a frame completes. A message that was given up has a last frame without FIN. */
function completedMessage(capture: ReportCapture, row: number): number | undefined {
  const message = capture.frames.message[row]! - 1
  const isLast = message >= 0 && capture.messages.lastRow[message] === row
  return isLast && headerOf(capture, row).fin ? capture.messages.message[message] : undefined
}

/** Nine decimals, as the records have it; null if unknown. */
function isoTime({ data, frames }: ReportCapture, row: number): string | null {
  const time = frames.time[row]!
  if (Number.isNaN(time) || data.startSeconds === null) return null
  const seconds = Math.floor(time / 1e9)
  const date = new Date((data.startSeconds + seconds) * 1000)
  if (Number.isNaN(date.getTime())) return null
  return date.toISOString().replace('.000Z', `.${String(time - seconds * 1e9).padStart(9, '0')}Z`)
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}
