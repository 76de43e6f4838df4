// Who sends, and what frames and close codes are called, in English.
import { OPCODE_NAMES } from '../../base/events.ts'

/** RFC 6455 §7.4.1, and IANA's registry of WebSocket close codes for those that came later. */
const CLOSE_CODES: Readonly<Record<number, string>> = {
  1000: 'normal closure',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no status received',
  1006: 'abnormal closure',
  1007: 'invalid payload data',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'mandatory extension',
  1011: 'internal error',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
  1015: 'TLS handshake',
}

export const names = {
  client: 'client',
  server: 'server',
  /** Of an opcode, 0 … 15. */
  opcode: (opcode: number): string => OPCODE_NAMES[opcode] ?? `reserved-${opcode}`,
  /** A frame with this opcode. */
  frame: (opcode: number): string => `${OPCODE_NAMES[opcode] ?? `reserved-${opcode}`} frame`,
  /** What a close code means, in a few words; '' for one that no document names. */
  closeCode: (code: number): string => {
    if (code >= 3000 && code < 4000) return 'registered code'
    if (code >= 4000 && code < 5000) return 'private code'
    return CLOSE_CODES[code] ?? ''
  },
}
