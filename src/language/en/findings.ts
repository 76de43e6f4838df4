// What can be wrong, in English: of each code the rule that it is about, and its sentence.
import type { FindingCode } from '../../base/findings.ts'
import { findingSentences } from './finding-sentences.ts'

export const findings = {
  severities: {
    violation: 'violation',
    warning: 'warning',
    capture: 'capture',
  },
  /** Whose fault a finding of that severity is. */
  faults: {
    violation: 'A peer broke the rule.',
    warning: 'Legal, and questionable.',
    capture: 'Not the peers’ fault: what the capture holds is not all.',
  },
  rules: {
    'reserved-opcode': 'RFC 6455 gives the opcodes 3 to 7 and 11 to 15 no meaning.',
    'rsv-without-extension':
      'RSV1, RSV2 and RSV3 are 0, unless an extension was agreed on that gives them a meaning.',
    'rsv1-on-continuation': 'Only the first frame of a compressed message has RSV1 set.',
    'rsv1-on-control': 'Control frames are never compressed: their RSV1 is 0.',
    'unmasked-client-frame': 'A client masks every frame that it sends.',
    'masked-server-frame': 'A server masks no frame that it sends.',
    'control-frame-too-long': 'A control frame has 125 payload bytes at most.',
    'fragmented-control-frame': 'A control frame is never fragmented: its FIN is 1.',
    'unexpected-continuation': 'A continuation frame goes on with a message that an earlier frame began.',
    'expected-continuation':
      'Messages are sent one after the other: until the last fragment of one has come, no other begins.',
    'non-minimal-length': 'The length is written in the shortest form that it fits: 7, 16 or 64 bits.',
    'length-high-bit': 'The highest bit of a 64-bit length is 0.',
    'invalid-utf8': 'A text message is UTF-8 from its first byte to its last.',
    'close-body-too-short': 'The body of a close frame is empty, or starts with a status code of two bytes.',
    'invalid-close-code':
      'The status code of a close frame is one that may be sent: a registered one, or one of 3000 to 4999. 1005, 1006 and 1015 never stand in a frame.',
    'invalid-close-reason': 'The reason in a close frame is UTF-8.',
    'data-after-close': 'After its close frame a side sends no more data.',
    'inflate-error':
      'With 00 00 ff ff appended, the bytes of a compressed message are a valid DEFLATE stream.',
    'window-exceeded':
      'A compressed message refers back no further than the window that was agreed on (server_max_window_bits, client_max_window_bits).',
    'http-in-stream': 'After the answer with status 101 the connection carries frames, and no HTTP any more.',
    'out-of-step':
      'Each frame begins right behind the last byte of the one before it, and has as many payload bytes as it announces.',
    'accept-mismatch':
      'Sec-WebSocket-Accept is the base64 of the SHA-1 of the client’s key followed by 258EAFA5-E914-47DA-95CA-C5AB0DC85B11.',
    'accept-missing': 'The answer with status 101 has a Sec-WebSocket-Accept.',
    'key-invalid': 'Sec-WebSocket-Key is 16 random bytes in base64.',
    'version-unsupported': 'Sec-WebSocket-Version is 13.',
    'extension-not-offered': 'The server accepts only extensions that the client offered.',
    'extension-params-invalid':
      'permessage-deflate has four parameters; each stands once at most, with a value that RFC 7692 allows.',
    'subprotocol-not-offered': 'The server chooses one of the subprotocols that the client offered.',
    'zero-masking-key': 'A masking key cannot be foreseen; with 00000000 the payload goes out as it is.',
    'repeated-masking-key': 'Each frame has a new masking key, which cannot be foreseen.',
    'unanswered-ping': 'A ping is answered with a pong, unless a close frame was received before.',
    'unsolicited-pong-payload': 'A pong that answers a ping has the payload of that ping.',
    'no-close-frame':
      'Each side sends a close frame before TCP ends; without it nobody knows whether all data has come.',
    'upgrade-refused': 'Only the status 101 accepts the upgrade; after any other no WebSocket is spoken.',
    'truncated-capture': 'The capture file is cut off or damaged; what stands before that was read.',
    'truncated-packet':
      'The capture kept only the start of a packet (snapshot length); the rest of its bytes is missing.',
    gap: 'No packet in the capture holds these bytes of the stream.',
    'retransmission-conflict': 'A retransmission brought other bytes; those that came first are used.',
    midstream: 'A part of the handshake, or all of it, was not captured.',
    'frames-assumed': 'Where no handshake was captured, no byte is known to start a frame.',
    resynchronized: 'Behind missing bytes, the start of a frame was found again by its form.',
    'incomplete-frame': 'The capture holds only a part of the frame.',
    'inflate-context-lost':
      'A compressed message may refer back to earlier ones; what this one refers to was lost.',
    'limit-reached': 'A limit on memory or time was reached; what is beyond it is left out.',
    'unsupported-link-type': 'Packets of this link type are not read.',
    'tunnel-not-read': 'The packets in this tunnel are encrypted or compressed, and are not read.',
    'quic-not-read': 'QUIC is not read; WebSocket over HTTP/3 may be in it.',
    'malformed-packet': 'The lengths in a packet contradict one another; the packet is left out.',
    'tls-secrets-missing': 'The key log has no secrets of this TLS connection; it stays encrypted.',
    'tls-suite-unsupported': 'The connection uses a cipher suite that is not read; it stays encrypted.',
    'tls-record-unverified': 'The tag or MAC of a TLS record is wrong; nothing of it is shown.',
    'hpack-state-lost':
      'The capture joins an HTTP/2 connection after its header tables were built; header fields that refer to them are unknown.',
  } satisfies Readonly<Record<FindingCode, string>>,
  /** What was found, with its values. */
  sentences: findingSentences,
}
