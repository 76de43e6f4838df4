// The lines above and below the table of a connection: who talks to whom, what they agreed on, and how it ended.
import type {
  ClosedEvent,
  ConnectionEvent,
  DeflateSide,
  Extension,
  Head,
  TlsParameters,
} from '../../base/events.ts'
import type { Time } from '../../base/stream.ts'
import { names } from '../../language/en/names.ts'
import { isoTime } from '../../records/time.ts'
import { closeCodeFault } from '../../websocket/close.ts'
import { endpoint, packetRange } from '../text/amount.ts'
import { secondsBetween } from '../text/elapsed.ts'
import { escapeText } from '../text/escape.ts'
import type { Paint, Style } from '../text/style.ts'
import { wrap } from '../text/wrap.ts'

/** Columns of the labels. */
const LABEL = 15
/** Most columns of a value: a URL or a header may be a megabyte long. */
const LONGEST = 320

/** The head of the table of a connection, with its line ends. */
export function connectionHead(event: ConnectionEvent, width: number, paint: Paint): string {
  const { client, server, proxyProtocol, transport, http2Stream } = event
  const over = { tcp: '', tls: ' over TLS', h2: ' over HTTP/2', 'h2+tls': ' over HTTP/2 and TLS' }[transport]
  const stream = http2Stream === undefined ? '' : `, stream ${http2Stream}`
  const title = `connection ${event.connection}  ${endpoint(client)} → ${endpoint(server)}${over}${stream}`
  const fields: Field[] = [
    ['URL', event.url ?? 'unknown'],
    ['subprotocol', event.subprotocol ?? 'none'],
    ['extensions', event.extensions.length === 0 ? 'none' : event.extensions.map(extensionText).join(', ')],
  ]
  if (event.deflate !== null)
    fields.push(['compression', deflateText(event.deflate.client, event.deflate.server)])
  if (event.tls !== undefined) fields.push(['TLS', tlsText(event.tls)])
  fields.push(['handshake', handshakeText(event)])
  fields.push(acceptField(event))
  if (proxyProtocol !== undefined) {
    fields.push(['PROXY protocol', `${endpoint(proxyProtocol.client)} → ${endpoint(proxyProtocol.server)}`])
  }
  let lines = `${paint('bold', escapeText(title, width))}\n`
  for (const [label, value, style] of fields) {
    for (const [i, line] of wrap(escapeText(value, LONGEST), width - LABEL - 2).entries()) {
      lines += `  ${paint('dim', (i === 0 ? label : '').padEnd(LABEL))}${paint(style, line)}\n`
    }
  }
  return lines
}

/** From when the times of a connection count: its handshake, or its first captured packet if it has none (`midstream`). */
export interface ConnectionStart {
  readonly time: Time | undefined
  readonly midstream: boolean
}

/** How a connection ended, in a sentence with its line ends. */
export function closedLines(event: ClosedEvent, start: ConnectionStart | undefined, width: number): string {
  const { how, code, reason, initiator, breaksRule } = event
  const by = initiator === null ? 'a' : `the ${initiator}'s`
  const began = initiator === null ? '' : `; the ${initiator} began`
  const words = {
    clean: `closed${breaksRule ? ', but not' : ''} cleanly, with a close frame from each side${began}`,
    'close-frame-only': `closed with a close frame from one side only${began}`,
    'tcp-fin': `ended without a close frame, by ${by} FIN`,
    'tcp-reset': `ended without a close frame, by ${by} reset`,
    open: 'still open at the end of the capture',
  }[how]
  const name = code === null ? '' : names.closeCode(code)
  const invalid = code !== null && closeCodeFault(code) !== undefined ? ', which must not be sent' : ''
  const codeText = code === null ? '' : `: ${code}${name === '' ? '' : ` ${name}`}${invalid}`
  const reasonText = reason === null || reason === '' ? '' : ` "${escapeText(reason, LONGEST)}"`
  const after = secondsBetween(start?.time, event.time)
  const since = start?.midstream ? 'its first captured packet' : 'the handshake'
  const when = after === '' ? '' : `, ${after} s after ${since}`
  const sentence = `connection ${event.connection} ${words}${codeText}${reasonText} (packet ${event.lastPacket}${when})`
  return `${wrap(sentence, width).join('\n')}\n`
}

type Field = readonly [label: string, value: string, style?: Style]

function extensionText({ name, params }: Extension): string {
  return [name, ...params.map(([key, value]) => (value === null ? key : `${key}=${value}`))].join('; ')
}

function deflateText(client: DeflateSide, server: DeflateSide): string {
  const clientText = sideText(client)
  const serverText = sideText(server)
  return clientText === serverText
    ? `both sides: ${clientText}`
    : `client: ${clientText}; server: ${serverText}`
}

function sideText({ contextTakeover, windowBits }: DeflateSide): string {
  const size = 2 ** windowBits
  const window = size < 1024 ? `${size} byte` : `${size / 1024} KiB`
  return `${window} window, ${contextTakeover ? 'kept from message to message' : 'new for each message'}`
}

function tlsText({ version, cipherSuite, serverName, alpn }: TlsParameters): string {
  const name = serverName === null ? 'no server name' : `server name ${serverName}`
  return `${version}, ${cipherSuite}, ${name}, ${alpn === null ? 'no ALPN' : `ALPN ${alpn}`}`
}

function handshakeText({ midstream, request, response }: ConnectionEvent): string {
  if (midstream || (request === null && response === null))
    return 'not captured: the capture starts in the middle of this connection'
  const heads = [headText('request', request), headText('answer', response)]
  const time = response?.time ?? request?.time
  return `${heads.join(', ')}${time === undefined ? '' : `, ${isoTime(time)}`}`
}

function headText(name: string, head: Head | null): string {
  return head === null
    ? `${name} not captured`
    : `${name} in ${packetRange(head.firstPacket, head.lastPacket)}`
}

function acceptField({ acceptCorrect, http2Stream }: ConnectionEvent): Field {
  if (http2Stream !== undefined) return ['accept', 'none: over HTTP/2 there is no key (RFC 8441 §5)']
  if (acceptCorrect === undefined) return ['accept', 'not checked: key or answer was not captured']
  return acceptCorrect
    ? ['accept', "right: it proves that the server read the client's key", 'green']
    : ['accept', 'wrong', 'red']
}
