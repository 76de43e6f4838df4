// What was found, in English: of each code one sentence with its values. The `message` of records, tables and golden files is this sentence.
import { captureTitle, damageClause } from '../../base/damage.ts'
import { OPCODE_NAMES } from '../../base/events.ts'
import type {
  Carrier,
  CloseCodeFault,
  CutBy,
  IncompleteFrame,
  InflateCause,
  InflateReason,
  InflatesTo,
  LimitedPart,
  LimitReached,
  MissingBytes,
  NamedFrame,
  OutOfStep,
  ParameterFault,
  ShownPayload,
  TlsPlace,
  Utf8Place,
} from '../../base/finding-values.ts'
import type { FindingText, FindingValues } from '../../base/findings.ts'
import type { Side } from '../../base/stream.ts'
import { type FindingSentences, findingSentence } from '../finding-text.ts'
import { bytes } from './count.ts'

/** The sentence of each code. */
export const findingSentences: FindingSentences = {
  'reserved-opcode': ({ opcode }) =>
    `Opcode ${opcode} is reserved for further ${opcode < 8 ? 'data' : 'control'} frames.`,
  'rsv-without-extension': (values) => {
    const { bits } = values
    const set = `${bits.join(' and ')} ${bits.length > 1 ? 'are' : 'is'} set on`
    return values.what === 'frame'
      ? `${set} ${aFrame(values)}, and no extension gives ${bits.length > 1 ? 'them' : 'it'} a meaning.${compressedAllTheSame(values.inflatesTo)}`
      : `${set} a ${OPCODE_NAMES[values.opcode]} message that does not inflate; no extension is known that gives it a meaning.`
  },
  'rsv1-on-continuation': (frame) =>
    `RSV1 is set on ${aFrame(frame)}; a compressed message has it on its first frame only.`,
  'rsv1-on-control': (frame) => `RSV1 is set on ${aFrame(frame)}; control frames are never compressed.`,
  'unmasked-client-frame': (frame) => `The client sent ${aFrame(frame)}, and without a mask.`,
  'masked-server-frame': ({ maskingKey, ...frame }) =>
    `The server sent ${aFrame(frame)}, masked with key ${maskingKey}.`,
  'control-frame-too-long': (frame) => `${capitalized(aFrame(frame))}: control frames hold 125 at most.`,
  'fragmented-control-frame': (frame) =>
    `FIN is 0 on ${aFrame(frame)}; control frames must not be fragmented.`,
  'unexpected-continuation': (frame) =>
    `${capitalized(aFrame(frame))} came while no fragmented message was open.`,
  'expected-continuation': ({ openedBy, ...frame }) =>
    `${capitalized(aFrame(frame))} came before the last fragment of the message that frame ${openedBy} had started.`,
  'non-minimal-length': ({ payloadLength, bits, enough }) =>
    `The length ${payloadLength} is encoded in ${bits} bits, where ${enough} are enough.`,
  'length-high-bit': ({ payloadLength }) =>
    `The length ${payloadLength} has the most significant of its 64 bits set, which must be 0.`,
  'invalid-utf8': (place) => `The text message is not UTF-8: ${utf8Fault(place)}.`,
  'close-body-too-short': () =>
    'The body of the close frame is 1 byte long; it is empty, or starts with a status code of 2 bytes.',
  'invalid-close-code': ({ code, fault }) => `The close code ${code} ${CLOSE_CODE_FAULTS[fault]}.`,
  'invalid-close-reason': (place) => `The close reason is not UTF-8: ${utf8Fault(place)}.`,
  'data-after-close': ({ from, closedBy, ...frame }) =>
    `The ${from} sent ${aFrame(frame)} after its own close frame (frame ${closedBy}).`,
  'inflate-error': ({ reason, cause }) =>
    `The compressed message does not inflate: ${inflateReason(reason)}${cause === null ? '' : `; ${inflateCause(cause)}`}.`,
  'window-exceeded': ({ distance, window }) =>
    `The compressed message refers ${bytes(distance)} back; ${window} were agreed.`,
  'http-in-stream': (values) =>
    values.what === 'chunk'
      ? `The ${values.from} sends its frames in HTTP chunks: the size ${values.size} stands where a frame should begin. After the 101 there are no chunks.`
      : `The ${values.from} wrote an HTTP ${values.what} where a frame should begin: “${values.line}”. After the 101 there are frames only; most likely a second handler writes to the same socket.`,
  'out-of-step': (values) => outOfStep(values, values.from),
  'accept-mismatch': ({ accept, key, expected }) =>
    `The Sec-WebSocket-Accept "${accept}" does not belong to the key "${key}"; "${expected}" does.`,
  'accept-missing': () => 'The response has no Sec-WebSocket-Accept.',
  'key-invalid': (values) => {
    if (values.what === 'missing') return 'The request has no Sec-WebSocket-Key.'
    return values.what === 'several'
      ? `The request has ${values.count} Sec-WebSocket-Key headers.`
      : `The Sec-WebSocket-Key "${values.key}" is not 16 bytes in base64.`
  },
  'version-unsupported': ({ version }) =>
    version === null
      ? 'The request has no Sec-WebSocket-Version; 13 is asked for.'
      : `The Sec-WebSocket-Version is "${version}", not 13.`,
  'extension-not-offered': ({ extension }) =>
    `The server accepted the extension "${extension}", which the client did not offer.`,
  'extension-params-invalid': (values) =>
    values.what === 'unreadable'
      ? `The ${values.from}'s Sec-WebSocket-Extensions cannot be read at "${values.text}".`
      : `The ${values.from}'s ${values.in} permessage-deflate ${parameterFault(values)}.`,
  'subprotocol-not-offered': (values) => {
    const choice = `The server chose the subprotocol "${values.chosen}"`
    if (values.what === 'several') return `${choice}, where it may choose only one.`
    return `${choice}; the client offered ${values.offered === null ? 'none' : `"${values.offered}"`}.`
  },
  'zero-masking-key': (frame) => `The masking key is 00000000: ${aFrame(frame)} goes out as it is.`,
  'repeated-masking-key': ({ maskingKey, usedBy }) =>
    `The masking key ${maskingKey} is that of the client's frame ${usedBy} before; every frame needs a new, unpredictable one.`,
  'unanswered-ping': ({ from, ...ping }) =>
    `The ${from === 'client' ? 'server' : 'client'} had not answered the ${from}'s ping with payload ${shownPayload(ping)} when the connection was closed.`,
  'unsolicited-pong-payload': ({ ping, ...pong }) =>
    ping === null
      ? `The pong's payload ${shownPayload(pong)} is that of no ping: the other side never sent one.`
      : `The pong's payload ${shownPayload(pong)} is that of no ping that waits for its answer; the last one, frame ${ping.frame}, has ${shownPayload(ping)}.`,
  'no-close-frame': ({ by, from, carrier }) => {
    const end =
      by === 'fin'
        ? `The ${from} ended the ${CARRIERS[carrier]}${carrier === 'tcp' ? ' (FIN)' : ''}`
        : `The ${CARRIERS[carrier]} was reset${carrier === 'tcp' ? ' (RST)' : ''}`
    return `${end}, and neither side had sent a close frame.`
  },
  'upgrade-refused': (values) => {
    if (values.what === 'response')
      return `The server refused the upgrade asked for by "${values.request}" with "${values.response}".`
    const { request, stream, allowsConnect } = values
    const settings = allowsConnect ? '' : ' Its SETTINGS do not allow extended CONNECT.'
    return `The server refused the WebSocket asked for by "${request}" on HTTP/2 stream ${stream} ${howRefused(values)}.${settings}`
  },
  'truncated-capture': (damage) =>
    `${captureTitle(damage.file)}: ${damageClause(damage)}; what comes behind it is not decoded`,
  'truncated-packet': (values) =>
    values.what === 'header'
      ? `a header is cut by the snapshot length (${values.reason}), so nothing of the packet can be read`
      : `The snapshot length cut ${someBytes(values)} of the ${values.from} from packet ${values.packet}, from byte ${values.offset} of its stream on.`,
  gap: (values) =>
    `${someBytes(values)} of the ${values.from} are missing, from byte ${values.offset} of its stream on: ${GAP_REASONS[values.reason]}.`,
  'retransmission-conflict': (values) =>
    values.what === 'http2'
      ? `Packet ${values.packet} sends bytes of an HTTP/2 connection again with other content; the first copy is used.`
      : `Packet ${values.packet} sends ${bytes(values.length)} again with other content, from byte ${values.offset} of the stream on; the first copy is used.`,
  midstream: ({ missing }) =>
    missing === 'handshake'
      ? 'no handshake was captured; the connection was recognised as WebSocket in mid-stream.'
      : `the handshake's ${missing} was not captured.`,
  'frames-assumed': () =>
    'No handshake was captured: as the port was named (--decode-as) and the frames keep to the segments, the first captured byte of a side was taken for the start of a frame.',
  resynchronized: ({ from, offset, confidence, passedOver }) => {
    const passed =
      passedOver === 0 ? 'no byte was' : passedOver === 1 ? '1 byte was' : `${passedOver} bytes were`
    return `Frames of the ${from} are sure from byte ${offset} of its stream on (confidence ${confidence.toFixed(3)}); ${passed} passed over.`
  },
  'incomplete-frame': (values) => {
    const { what, from } = values
    if (what === 'frame') return cutFrame(values)
    return what === 'header'
      ? `${whatCut(values.cutBy, from, values.carrier)} after ${bytes(values.length)} of a frame's header, at byte ${values.offset} of the ${from}'s stream.`
      : `${bytes(values.length)} from byte ${values.offset} of the ${from}'s stream on belong to no frame that is sure.`
  },
  'inflate-context-lost': ({ length, reason }) => {
    const known =
      length === 0
        ? 'No byte of the message is sure'
        : `Only the first ${bytes(length)} of the message are sure`
    const why = reason === null ? 'it refers back to bytes before it that are lost' : inflateReason(reason)
    return `${known}: ${why}.`
  },
  'limit-reached': (values) => limitReached(values),
  'unsupported-link-type': ({ linkType, name }) => `packets of link type ${linkType} (${name}) are not read`,
  'tunnel-not-read': ({ tunnel }) =>
    `${tunnel}: what is in this tunnel is encrypted or compressed, and not read; capture at one of its ends`,
  'quic-not-read': () =>
    'QUIC is not read, and HTTP/3 in it may carry WebSocket; to see it as HTTP/2 over TCP, switch QUIC off in the client',
  'malformed-packet': (values) =>
    values.what === 'header'
      ? `a header contradicts itself (${values.reason}), so nothing of the packet can be read`
      : 'the IP header announces more bytes than the packet had on the wire; the packet is read as far as it goes',
  'tls-secrets-missing': (values) =>
    values.what === 'connections'
      ? `${values.count === 1 ? 'One TLS connection is' : `${values.count} TLS connections are`} not decrypted: there is no key log (--keylog), and the capture holds no secrets.`
      : secretsMissing(values) + tlsPlace(values),
  'tls-suite-unsupported': (values) =>
    (values.what === 'renegotiated'
      ? 'The keys of this TLS connection were negotiated anew within it; what comes behind that is not decrypted.'
      : `${values.version} with ${values.cipherSuite}${values.isCompressed ? ' and compression' : ''} is not decrypted.`) +
    tlsPlace(values),
  'tls-record-unverified': ({ from, ...place }) =>
    `A TLS record of the ${from} does not verify with the secrets that were given; such records are not shown.${tlsPlace(place)}`,
  'hpack-state-lost': ({ from, reason }) =>
    reason === 'lost'
      ? `The ${from}'s header fields are not all known: they refer to what HPACK kept from earlier ones, which were not captured.`
      : `The ${from}'s header fields are not all known: their HPACK block breaks the rules of RFC 7541.`,
}

/** The English sentence of a finding. May hold captured text: escape it before it is shown. */
export function sentenceOf(finding: FindingText): string {
  return findingSentence(findingSentences, finding)
}

/** `a ping frame with a payload of 4 bytes`. */
function aFrame({ opcode, payloadLength }: NamedFrame): string {
  const size = payloadLength === 0 ? 'no payload' : `a payload of ${bytes(payloadLength)}`
  return `a ${OPCODE_NAMES[opcode]} frame with ${size}`
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Hex digits of the bytes. */
function shownPayload({ payload, payloadLength }: ShownPayload): string {
  if (payloadLength === 0) return '(empty)'
  return payload.length < payloadLength * 2 ? `${payload}… (${payloadLength} bytes)` : payload
}

function utf8Fault(place: Utf8Place): string {
  if (place.what === 'endsInside') return `it ends inside a character, which starts at byte ${place.start}`
  const byte = `byte ${place.offset} (0x${place.byte})`
  return place.what === 'cannotStart'
    ? `${byte} cannot start a character`
    : `${byte} cannot follow 0x${place.after}`
}

const CLOSE_CODE_FAULTS: Readonly<Record<CloseCodeFault, string>> = {
  reserved: 'is reserved',
  neverSent: 'must never be sent in a frame',
  tooLow: 'is below 1000, and never used',
  unregistered: 'is not registered',
  tooHigh: 'is above 4999, and not defined',
}

/** What the inflate library says stands as it is. */
function inflateReason(reason: InflateReason): string {
  switch (reason) {
    case 'noBytes':
      return 'it has no bytes, where an empty message has one'
    case 'endsInsideBlock':
      return 'the data ends inside a block'
    case 'windowDropped':
      return 'the window before it was given up, since windows may hold half of what is held back (limit waitingTotal)'
    case 'notTried':
      return 'it was not inflated, since too many messages before it could not be'
    default:
      return reason
  }
}

function inflateCause(cause: InflateCause): string {
  if (cause.what === 'kept')
    return 'it inflates with the window of the messages before it, which the sender should have given up: no_context_takeover was agreed on'
  const { frame, last, messages } = cause
  return messages === 1
    ? `it inflates if the payload of frame ${frame}, which was sent uncompressed, is put into the window`
    : `it inflates if the ${messages} messages of frames ${frame} to ${last}, which were sent uncompressed, are put into the window`
}

/** What follows the sentence about RSV1. */
function compressedAllTheSame(to: InflatesTo | null): string {
  if (to === null) return ''
  const amount = to.length === null ? '' : `${bytes(to.length)}`
  const what =
    to.text === null ? amount || 'more than was tried' : `“${to.text}”${isShortened(to) ? '…' : ''}`
  return ` The payload is compressed, although the extension was not agreed on: it inflates to ${what}.`
}

function isShortened({ length, text }: InflatesTo): boolean {
  return length === null || new TextEncoder().encode(text ?? '').length < length
}

function parameterFault(fault: ParameterFault): string {
  switch (fault.what) {
    case 'several':
      return `comes ${fault.count} times`
    case 'unknown':
      return `has the unknown parameter ${fault.parameter}`
    case 'repeated':
      return `has ${fault.parameter} more than once`
    case 'withoutValue':
      return `has ${fault.parameter} without a value`
    case 'takesNoValue':
      return `has ${fault.parameter}=${fault.value}, which takes no value`
    case 'outOfRange':
      return `has ${fault.parameter}=${fault.value}, which is not between 8 and 15`
    case 'leadingZero':
      return `has ${fault.parameter}=${fault.value}, with a leading zero`
    case 'askedFor':
      return `lacks ${fault.parameter}, which the client asked for`
    case 'notOffered':
      return `has ${fault.parameter}, which the client did not offer`
    case 'tooLargeForRequest':
      return `has ${fault.parameter}=${fault.bits}, more than the ${fault.most} asked for`
    case 'tooLargeForOffer':
      return `has ${fault.parameter}=${fault.bits}, more than the ${fault.most} offered`
  }
}

function howRefused(values: Exclude<FindingValues<'upgrade-refused'>, { what: 'response' }>): string {
  if (values.what === 'http2Response') return `with "${values.response}"`
  const { error } = values
  return `by resetting the stream (${typeof error === 'number' ? `error code ${error}` : error})`
}

const CARRIERS: Readonly<Record<Carrier, string>> = { tcp: 'TCP connection', http2: 'HTTP/2 stream' }

/** What cut a frame, as the start of a sentence. */
function whatCut(cutBy: CutBy, from: Side, carrier: Carrier): string {
  const name = CARRIERS[carrier]
  switch (cutBy) {
    case 'gap':
      return 'A hole in the capture begins'
    case 'fin':
      return `The ${from} ended its side of the ${name}${carrier === 'tcp' ? ' (FIN)' : ''}`
    case 'reset':
      return `The ${name} was reset${carrier === 'tcp' ? ' (RST)' : ''}`
    case 'capture':
      return 'The capture ends'
    case 'limit':
      return 'The connection was given up (limit connections or webSockets)'
  }
}

function cutFrame(values: Extract<IncompleteFrame, { what: 'frame' }>): string {
  const { from, opcode, payloadLength, capturedLength, cutBy, carrier, holes, moreHoles } = values
  const named = holes.map(([start, end]) => (end - start === 1 ? `${start}` : `${start} to ${end - 1}`))
  if (moreHoles > 0) named.push(`${moreHoles} more ranges`)
  const missing = named.length === 0 ? '' : `; missing: ${named.join(', ')} (counted from 0)`
  const held = `the capture holds ${capturedLength} of the ${bytes(payloadLength)} of its payload${missing}`
  const frame = `a ${OPCODE_NAMES[opcode]} frame`
  return cutBy === 'gap'
    ? `A hole in the capture cuts ${frame}: ${held}.`
    : `${whatCut(cutBy, from, carrier)} inside ${frame}: ${held}.`
}

function someBytes({ length, isEstimate }: MissingBytes): string {
  return `${isEstimate ? 'about ' : ''}${bytes(length)}`
}

const GAP_REASONS: Readonly<Record<FindingValues<'gap'>['reason'], string>> = {
  acknowledged: 'the other side acknowledged them, and no packet of the capture holds them',
  waited: 'too much waited behind the hole',
  end: 'the connection or the capture ended before they came',
  limit: 'a limit made framewalk drop them',
  undecrypted: 'they could not be decrypted and verified',
}

function limitReached(values: LimitReached): string {
  switch (values.what) {
    case 'messageSize':
      return `Of ${limitedPart(values.of)}, the first ${bytes(values.limit)} are kept (limit messageSize).`
    case 'waitingTotal':
      return `The rest of ${limitedPart(values.of)} was not kept: too much was held back over all connections (limit waitingTotal).`
    case 'inflateRatio':
      return `With the message's ${bytes(values.wireLength)}, messages inflate to more than ${values.limit} times the bytes captured so far (limit inflateRatio); it ends there.`
    case 'inflateSize':
      return `The message's ${bytes(values.wireLength)} inflate to more than ${bytes(values.limit)} (limit inflateSize); it ends there.`
    case 'waitingPerStream':
      return (
        `More waited behind a hole of a TCP stream than the limits allow (${values.limit} bytes in one direction, ` +
        `half of the ${values.total} over all connections): the hole was taken for a gap.`
      )
    case 'connections': {
      const { limit, givenUp } = values
      const those = givenUp === 1 ? 'the one idle longest was' : `the ${givenUp} idle longest were`
      return `More than ${limit} TCP connections at a time: ${those} given up.`
    }
    case 'webSockets': {
      const { limit, givenUp } = values
      const those = givenUp === 1 ? 'the one idle longest was' : `the ${givenUp} idle longest were`
      return `More than ${limit} WebSocket connections at a time: ${those} given up (limit webSockets).`
    }
    case 'fragments':
      return `no more than ${values.limit} IP datagrams wait for fragments: ${DATAGRAM_GIVEN_UP}`
    case 'fragmentBytes':
      return `no more than ${values.limit} bytes of fragments are held back: ${DATAGRAM_GIVEN_UP}`
    case 'headSize':
      return `An HTTP head is longer than the limit of ${values.limit} bytes, or has as many lines as that (limit headSize).`
    case 'request':
      return 'No room is left to hold an HTTP request until its response comes (limit waitingTotal).'
    case 'http2Streams':
      return `The WebSocket on HTTP/2 stream ${values.stream} is passed over: too many streams of its connection are open (limit http2Streams), or no room is left.`
    case 'http2HeadSize':
      return `The ${values.from}'s header fields are more than the limit headSize: those beyond it are left out.`
    case 'tls':
      return `No room is left to hold a TLS connection back until it can be decrypted.${tlsPlace(values)}`
    case 'tlsTrials':
      return `Too many TLS records did not verify: after a hole, where the next record begins is no longer tried out, and what follows stays encrypted.${tlsPlace(values)}`
    case 'tlsKeyUpdates':
      return `The keys change too often for what is sent under them: this TLS connection is not decrypted any further.${tlsPlace(values)}`
    case 'secrets':
      return `${captureTitle(values.file)}: holds more secrets than there is room for (limit secrets: ${values.limit} bytes for those of captures); the rest of them is ignored`
    case 'findings':
      return `More than ${values.limit} ${values.limit === 1 ? 'finding' : 'findings'} of the code ${values.code}: further ones are counted in the summary only (limit findings).`
  }
}

const DATAGRAM_GIVEN_UP = 'the IP datagram that waited longest is given up, here and from now on'

function limitedPart(part: LimitedPart): string {
  return 'opcode' in part ? aFrame(part) : `the message of ${bytes(part.wireLength)}`
}

function secretsMissing(
  values: Exclude<FindingValues<'tls-secrets-missing'>, { what: 'connections' }>,
): string {
  if (values.what !== 'all')
    return values.what === 'handshake'
      ? 'The start of the TLS handshake was not captured: this TLS connection is not decrypted.'
      : 'The key log has only some of the secrets of this TLS connection: not all of it is decrypted.'
  const reasons: string[] = []
  if (values.hasKeyLog) reasons.push('the key log has no secrets of this TLS connection')
  if (values.rsaKeys === 'doNotFit') reasons.push('no RSA key that was given opens its key exchange')
  if (values.rsaKeys === 'notUsed') reasons.push(`an RSA key does not open ${values.cipherSuite}`)
  return `${capitalized(reasons.join(', and '))}: it is not decrypted.`
}

function tlsPlace({ between }: TlsPlace): string {
  if (between === undefined) return ''
  const [first, second] = between
  return ` (TCP between ${first.address} port ${first.port} and ${second.address} port ${second.port})`
}

function outOfStep(values: OutOfStep, from: Side): string {
  switch (values.what) {
    case 'tls':
      return `The ${from} wrote a TLS record (type ${values.type}, ${bytes(values.length)}) where a frame should begin.`
    case 'text':
      return `The ${from} wrote plain text where a frame should begin: “${values.text}”.`
    case 'emptyLine':
      return `The ${from} wrote an empty line too many behind its HTTP head: ${bytes(values.length)} stand before the first frame.`
    case 'cutWrite':
      return `The ${from} announced a payload of ${bytes(values.announced)} and sent ${values.sent} of them: in packet ${values.packet} its next frame begins. A write was cut short, and the rest of it never sent.`
    case 'interleaved':
      return `The ${from} announced a payload of ${bytes(values.announced)}, and after ${values.sent} of them, in packet ${values.packet}, come ${bytes(values.length)} of other frames before it goes on. Two writers share the connection without taking turns.`
    case 'characters':
      return `The ${from} counted characters instead of bytes: a frame announces ${bytes(values.announced)}, and its text of as many characters has ${values.length}.`
    case 'length':
      return `The ${from} wrote a wrong length: it reads ${values.announced}. Read as ${values.bytes * 8} bits${values.littleEndian ? ' with the lowest byte first' : ''} it is ${values.meant}, and the frame ends where it should.`
    case 'maskRestart':
      return `The ${from} began its masking key anew at byte ${values.at} of the payload: unmasked so, the rest is text.`
    case 'copy':
      return `The server sent a frame with the masking key of the client's frame ${values.frame}: bytes of the client are written into the stream of the server.`
  }
}
