// Makes the snapshot of a frame or message one line: what it says, without what changes by chance (keys, times, packet numbers).
import { createHash } from 'node:crypto'
import { toHex } from '../base/bytes.ts'
import type { Frame as BareFrame } from '../codec.ts'
import type { Message } from '../records/message.ts'
import type { Frame } from '../records/model.ts'
import { quoteJson } from '../render/text/json-text.ts'

type Shown = Frame | BareFrame | Message

/**
 * Most characters of a text, or bytes, that a line shows. If there are more, it also has a checksum: no change goes unnoticed.
 */
const MOST_TEXT = 80
const MOST_BYTES = 24

/** For `expect.addSnapshotSerializer`. */
export const snapshotSerializer = {
  /** Frames of `readCapture`, of `analyze` and of `decodeFrames`; messages of the first two. */
  test: (value: unknown): boolean => isFrame(value) || isMessage(value),
  serialize: (value: Shown): string => (isFrame(value) ? frameLine(value) : messageLine(value as Message)),
}

function isFrame(value: unknown): value is Frame | BareFrame {
  return isObject(value) && 'payload' in value && 'opcodeName' in value && 'headerLength' in value
}

function isMessage(value: unknown): value is Message {
  return isObject(value) && 'wireLength' in value && 'frames' in value && 'opcodeName' in value
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function frameLine(frame: Frame | BareFrame): string {
  const words = [
    'from' in frame ? frame.from : '',
    frame.opcodeName,
    frame.fin ? 'FIN' : '',
    frame.rsv1 ? 'RSV1' : '',
    frame.rsv2 ? 'RSV2' : '',
    frame.rsv3 ? 'RSV3' : '',
    frame.masked ? 'masked' : '',
    `${frame.payloadLength} bytes`,
    frame.payload.length === 0 ? '' : payloadWords(frame),
  ]
  return `<frame ${words.filter((word) => word !== '').join(' ')}>`
}

function payloadWords(frame: Frame | BareFrame): string {
  if (frame.close !== undefined) return `${frame.close.code} ${quoted(frame.close.reason)}`
  const text = frame.opcodeName === 'binary' || frame.rsv1 ? undefined : utf8Text(frame.payload)
  // A continuation frame does not say whether it is text.
  const isText = text !== undefined && (frame.opcodeName === 'text' || !/\p{C}/u.test(text))
  return isText ? textWords(text) : bytesWords(frame.payload)
}

function messageLine(message: Message): string {
  const { from, opcodeName, text, data, incomplete } = message
  const content = text !== undefined ? textWords(text) : data !== undefined ? bytesWords(data) : ''
  const words = [from, opcodeName, incomplete ? 'incomplete' : '', content]
  return `<message ${words.filter((word) => word !== '').join(' ')}>`
}

function textWords(text: string): string {
  if (text.length <= MOST_TEXT) return quoted(text)
  return `${quoted(text.slice(0, MOST_TEXT))}… ${text.length} characters, SHA-256 ${checksum(text)}…`
}

/** In single quotes, so that JSON in it stays readable. Characters that a terminal would obey are spelled out. */
function quoted(text: string): string {
  const inner = quoteJson(text).slice(1, -1)
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

function bytesWords(bytes: Uint8Array): string {
  if (bytes.length <= MOST_BYTES) return toHex(bytes, ' ')
  return `${toHex(bytes, ' ', 0, MOST_BYTES)}… ${bytes.length} bytes, SHA-256 ${checksum(bytes)}…`
}

function checksum(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}

function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
