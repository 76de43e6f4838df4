// Findings of every code, one for each thing that its sentence can say. What would be captured text in them is `text`.
import type { FindingCode, FindingText, FindingValues } from '../../../src/base/findings.ts'

/** At least one finding of every code. */
export function findingSamples(text = 'text'): readonly FindingText[] {
  return Object.entries(valuesOf(text)).flatMap(([code, all]) =>
    all.map((values) => ({ code: code as FindingCode, values })),
  )
}

/** The first of them with this code. */
export function findingSample(code: FindingCode, text = 'text'): FindingText {
  return { code, values: valuesOf(text)[code][0]! }
}

type Samples = { readonly [Code in FindingCode]: readonly FindingValues<Code>[] }

function valuesOf(text: string): Samples {
  const frame = { opcode: 1, payloadLength: 5 }
  const between = [
    { address: '10.0.0.1', port: 1 },
    { address: '::1', port: 443 },
  ] as const
  const missing = { from: 'client', length: 3, isEstimate: true, offset: 7 } as const
  const http2 = { request: text, stream: 5, allowsConnect: false } as const
  const cut = {
    from: 'server',
    capturedLength: 2,
    carrier: 'tcp',
    holes: [],
    moreHoles: 0,
    ...frame,
  } as const
  const header = { what: 'header', from: 'client', length: 1, offset: 9, carrier: 'http2' } as const
  const parameters = { from: 'server', in: 'answer' } as const
  const record = { file: text, what: 'record', record: 3, offset: 112 } as const
  const block = { file: '-', what: 'block', offset: 64 } as const
  const utf8: readonly FindingValues<'invalid-utf8'>[] = [
    { what: 'endsInside', start: 1 },
    { what: 'cannotStart', offset: 1, byte: 'ff' },
    { what: 'cannotFollow', offset: 2, byte: '28', after: 'c3' },
  ]
  return {
    'reserved-opcode': [{ opcode: 3 }, { opcode: 11 }],
    'rsv-without-extension': [
      { what: 'frame', bits: ['RSV1', 'RSV3'], inflatesTo: null, ...frame },
      { what: 'frame', bits: ['RSV2'], inflatesTo: null, ...frame },
      { what: 'frame', bits: ['RSV1'], inflatesTo: { length: 900, text }, ...frame },
      { what: 'frame', bits: ['RSV1'], inflatesTo: { length: null, text }, ...frame },
      { what: 'frame', bits: ['RSV1'], inflatesTo: { length: 40, text: null }, ...frame },
      { what: 'frame', bits: ['RSV1'], inflatesTo: { length: null, text: null }, ...frame },
      { what: 'message', bits: ['RSV1'], opcode: 2 },
    ],
    'rsv1-on-continuation': [{ opcode: 0, payloadLength: 0 }],
    'rsv1-on-control': [{ opcode: 9, payloadLength: 1 }],
    'unmasked-client-frame': [frame],
    'masked-server-frame': [{ maskingKey: '37fa213d', ...frame }],
    'control-frame-too-long': [{ opcode: 10, payloadLength: 126 }],
    'fragmented-control-frame': [{ opcode: 11, payloadLength: 0 }],
    'unexpected-continuation': [{ opcode: 0, payloadLength: '9223372036854775813' }],
    'expected-continuation': [{ from: 'client', openedBy: 1, ...frame }],
    'non-minimal-length': [{ payloadLength: 125, bits: 16, enough: 7 }],
    'length-high-bit': [{ payloadLength: '9223372036854775813' }],
    'invalid-utf8': utf8,
    'http-in-stream': [
      { what: 'response', from: 'server', line: text },
      { what: 'request', from: 'client', line: text },
      { what: 'chunk', from: 'server', size: 7 },
    ],
    'out-of-step': [
      { what: 'tls', from: 'client', type: 21, length: 2 },
      { what: 'text', from: 'server', text },
      { what: 'emptyLine', from: 'server', length: 2 },
      { what: 'cutWrite', from: 'client', announced: 1986, sent: 1392, packet: 14 },
      { what: 'interleaved', from: 'server', announced: 300, sent: 1, length: 9, packet: 3 },
      { what: 'characters', from: 'server', announced: 4, length: 12 },
      { what: 'length', from: 'client', announced: '11265', meant: 300, bytes: 2, littleEndian: true },
      { what: 'length', from: 'client', announced: '1', meant: 2, bytes: 4, littleEndian: false },
      { what: 'maskRestart', from: 'client', at: 1 },
      { what: 'copy', from: 'server', frame: 2 },
    ],
    'close-body-too-short': [{}],
    'invalid-close-code': [
      { code: 1004, fault: 'reserved' },
      { code: 1005, fault: 'neverSent' },
      { code: 999, fault: 'tooLow' },
      { code: 1016, fault: 'unregistered' },
      { code: 5000, fault: 'tooHigh' },
    ],
    'invalid-close-reason': utf8,
    'data-after-close': [{ from: 'client', closedBy: 1, ...frame }],
    'inflate-error': [
      { reason: text, cause: null },
      { reason: 'noBytes', cause: null },
      { reason: 'endsInsideBlock', cause: null },
      { reason: 'windowDropped', cause: null },
      { reason: 'notTried', cause: null },
      { reason: text, cause: { what: 'uncompressed', frame: 2, last: 2, messages: 1 } },
      { reason: text, cause: { what: 'uncompressed', frame: 2, last: 7, messages: 3 } },
      { reason: text, cause: { what: 'kept' } },
    ],
    'window-exceeded': [{ distance: 3031, window: 512 }],
    'accept-mismatch': [{ accept: text, key: text, expected: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' }],
    'accept-missing': [{}],
    'key-invalid': [{ what: 'malformed', key: text }, { what: 'missing' }, { what: 'several', count: 2 }],
    'version-unsupported': [{ version: text }, { version: null }],
    'extension-not-offered': [{ extension: text }],
    'extension-params-invalid': [
      { what: 'unreadable', from: 'client', text },
      { ...parameters, what: 'several', count: 2 },
      { ...parameters, what: 'unknown', parameter: text },
      { ...parameters, what: 'repeated', parameter: 'server_max_window_bits' },
      { ...parameters, what: 'withoutValue', parameter: 'server_max_window_bits' },
      { ...parameters, what: 'askedFor', parameter: 'server_max_window_bits' },
      { ...parameters, what: 'notOffered', parameter: 'client_max_window_bits' },
      { ...parameters, what: 'takesNoValue', parameter: 'server_no_context_takeover', value: text },
      { ...parameters, what: 'outOfRange', parameter: 'server_max_window_bits', value: text },
      { from: 'client', in: 'offer', what: 'leadingZero', parameter: 'server_max_window_bits', value: '08' },
      { ...parameters, what: 'tooLargeForRequest', parameter: 'server_max_window_bits', bits: 12, most: 10 },
      { ...parameters, what: 'tooLargeForOffer', parameter: 'client_max_window_bits', bits: 12, most: 10 },
    ],
    'subprotocol-not-offered': [
      { what: 'notOffered', chosen: text, offered: text },
      { what: 'notOffered', chosen: text, offered: null },
      { what: 'several', chosen: text },
    ],
    'zero-masking-key': [frame],
    'repeated-masking-key': [{ maskingKey: '0a0b0c0d', usedBy: 1 }],
    'unanswered-ping': [
      { from: 'client', payload: '', payloadLength: 0 },
      { from: 'server', payload: '62', payloadLength: 1 },
      { from: 'server', payload: '00'.repeat(16), payloadLength: 20 },
    ],
    'unsolicited-pong-payload': [
      {
        from: 'client',
        payload: '62',
        payloadLength: 1,
        ping: { frame: 1, payload: '61', payloadLength: 1 },
      },
      { from: 'server', payload: '62', payloadLength: 1, ping: null },
    ],
    'no-close-frame': [
      { by: 'fin', from: 'server', carrier: 'tcp' },
      { by: 'reset', from: null, carrier: 'tcp' },
      { by: 'fin', from: 'client', carrier: 'http2' },
      { by: 'reset', from: 'client', carrier: 'http2' },
    ],
    'upgrade-refused': [
      { what: 'response', request: text, response: text },
      { what: 'http2Response', response: text, ...http2 },
      { what: 'http2Reset', error: 'REFUSED_STREAM', ...http2, allowsConnect: true },
      { what: 'http2Reset', error: 99, ...http2 },
    ],
    'truncated-capture': [
      { ...record, fault: 'cut' },
      { ...record, fault: 'headerCut' },
      { ...record, fault: 'tooLong', length: 300_000, most: 262_144 },
      { file: text, what: 'gzipCut', offset: 5 },
      { file: text, what: 'gzipDamaged', offset: 5, reason: 'incorrect data check' },
      { file: text, what: 'zstdCut', offset: 5 },
      { file: text, what: 'zstdDamaged', offset: 5, reason: 'checksum' },
      { file: text, what: 'zstdWindow', offset: 5, window: 134_217_728, most: 8_388_608 },
      { ...block, fault: 'cut' },
      { ...block, fault: 'noByteOrder' },
      { ...block, fault: 'version', version: '2.0' },
      { ...block, fault: 'lengthsDiffer', leading: 32, trailing: 36 },
      { ...block, fault: 'interface', interface: 1, described: 1 },
      { ...block, fault: 'interfaces', most: 65_536 },
      { ...block, fault: 'noRoom', claimed: 100, room: 60 },
      { ...block, fault: 'noRoomForPacket', expected: 100, room: 60 },
      { ...block, fault: 'noRoomForSecrets', claimed: 100, room: 60 },
      { ...block, fault: 'tooShort', length: 8, fewest: 12 },
      { ...block, fault: 'tooLong', length: 2 ** 31, most: 2 ** 27 },
    ],
    'truncated-packet': [
      { what: 'stream', packet: 4, ...missing },
      { what: 'header', reason: 'truncated IP header' },
    ],
    gap: (['acknowledged', 'waited', 'end', 'limit', 'undecrypted'] as const).map((reason) => ({
      ...missing,
      isEstimate: reason === 'waited',
      reason,
    })),
    'retransmission-conflict': [
      { what: 'stream', packet: 4, length: 1, offset: 7 },
      { what: 'http2', packet: 4 },
    ],
    midstream: [{ missing: 'handshake' }, { missing: 'request' }, { missing: 'response' }],
    'frames-assumed': [{}],
    resynchronized: [0, 1, 40].map((passedOver) => ({
      from: 'client',
      offset: 1000,
      confidence: 0.9876,
      passedOver,
    })),
    'incomplete-frame': [
      {
        ...cut,
        what: 'frame',
        cutBy: 'gap',
        moreHoles: 2,
        holes: [
          [0, 1],
          [2, 5],
        ],
      },
      ...(['fin', 'reset', 'capture', 'limit'] as const).map((cutBy) => ({
        ...cut,
        what: 'frame' as const,
        cutBy,
      })),
      ...(['gap', 'fin', 'reset'] as const).map((cutBy) => ({ ...header, cutBy })),
      { what: 'unsynchronized', from: 'server', length: 12, offset: 7 },
    ],
    'inflate-context-lost': [
      { length: 0, reason: null },
      { length: 7, reason: 'windowDropped' },
    ],
    'limit-reached': [
      { what: 'messageSize', of: frame, limit: 100 },
      { what: 'messageSize', of: { wireLength: 500 }, limit: 100 },
      { what: 'waitingTotal', of: frame },
      { what: 'inflateSize', wireLength: 500, limit: 100_000 },
      { what: 'inflateRatio', wireLength: 500, limit: 256 },
      { what: 'waitingPerStream', limit: 4000, total: 8000 },
      { what: 'connections', limit: 2, givenUp: 1 },
      { what: 'webSockets', limit: 2, givenUp: 3 },
      { what: 'fragments', limit: 256 },
      { what: 'fragmentBytes', limit: 4096 },
      { what: 'headSize', limit: 65_536 },
      { what: 'request' },
      { what: 'http2Streams', stream: 5 },
      { what: 'http2HeadSize', from: 'client' },
      { what: 'tls', between },
      { what: 'tlsTrials', between },
      { what: 'tlsKeyUpdates' },
      { what: 'secrets', file: text, limit: 16_777_216 },
      { what: 'findings', code: 'gap', limit: 1 },
    ],
    'unsupported-link-type': [{ linkType: 147, name: 'USER0' }],
    'tunnel-not-read': [{ tunnel: 'ESP' }],
    'quic-not-read': [{}],
    'malformed-packet': [{ what: 'header', reason: 'malformed TCP header' }, { what: 'overlong' }],
    'tls-secrets-missing': [
      { what: 'handshake', between },
      { what: 'some' },
      { what: 'all', hasKeyLog: true, rsaKeys: null, cipherSuite: 'TLS_AES_128_GCM_SHA256' },
      { what: 'all', hasKeyLog: true, rsaKeys: 'notUsed', cipherSuite: 'TLS_AES_128_GCM_SHA256' },
      { what: 'all', hasKeyLog: false, rsaKeys: 'doNotFit', cipherSuite: 'TLS_AES_128_GCM_SHA256', between },
      { what: 'connections', count: 1 },
    ],
    'tls-suite-unsupported': [
      { what: 'renegotiated' },
      {
        what: 'suite',
        version: 'TLS 1.2',
        cipherSuite: 'TLS_RSA_WITH_RC4_128_SHA',
        isCompressed: true,
        between,
      },
    ],
    'tls-record-unverified': [{ from: 'client' }, { from: 'server', between }],
    'hpack-state-lost': [
      { from: 'client', reason: 'lost' },
      { from: 'server', reason: 'malformed' },
    ],
  }
}
