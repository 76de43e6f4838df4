// Whether a text is a key log at all. The command and the library ask before they read a capture: with a text that is something
// else, no TLS would be opened, and nobody would be told.
import { toLatin1 } from '../base/bytes.ts'

/** How the lines of a key log begin. */
const LINE = /^(?:(?:CLIENT|SERVER)_[A-Z_0-9]+|EXPORTER_SECRET|EARLY_EXPORTER_SECRET|RSA) /im
/** A line that is neither empty nor a comment. */
const CONTENT = /^[ \t]*[^#\s]/m
/** How much of a text is looked at: bytes, or characters. */
const START = 2 ** 18

/** What is said of a text that is not a key log, after its name. */
export const NOT_A_KEY_LOG = 'is not a TLS key log; expected the lines that programs write to SSLKEYLOGFILE'

/**
 * True if the start of a text is that of a key log. It may be empty or have comments only: programs create their log, and write
 * comments into it, before there is a connection.
 */
export function isKeyLog(log: string | Uint8Array): boolean {
  const start = typeof log === 'string' ? log.slice(0, START) : toLatin1(log, 0, Math.min(log.length, START))
  return LINE.test(start) || !CONTENT.test(start)
}
