// Goldens for tests, from few words; and differences in few words.
import type { Side } from '../../../src/base/stream.ts'
import type { Difference } from '../../../src/golden/difference.ts'
import {
  type Golden,
  type GoldenConnection,
  type GoldenMessage,
  NO_RULES,
  type Rules,
} from '../../../src/golden/golden.ts'

/** A golden of one connection; messages as `client hello` or `server {"a":1}`. */
export function goldenOf(messages: readonly string[], rules: Partial<Rules> = {}): Golden {
  return goldenWith([connectionOf(messages)], rules)
}

/** A golden of several connections. */
export function goldenWith(connections: readonly GoldenConnection[], rules: Partial<Rules> = {}): Golden {
  return { level: 'messages', rules: { ...NO_RULES, ...rules }, connections, findings: [] }
}

/** A connection to `target`, closed cleanly. */
export function connectionOf(
  messages: readonly string[],
  { target = '/', number = 1 }: { target?: string; number?: number } = {},
): GoldenConnection {
  return {
    handshake: {
      target,
      host: null,
      offered: { subprotocols: null, extensions: null },
      subprotocol: null,
      extensions: [],
      headers: [],
    },
    messages: messages.map(messageOf),
    frames: undefined,
    findings: [],
    closed: { how: 'clean', code: 1000, reason: '', by: 'client' },
    number,
  }
}

/** The message of `client hello`. */
export function messageOf(words: string, at = 0): GoldenMessage {
  const space = words.indexOf(' ')
  return {
    from: words.slice(0, space) as Side,
    text: words.slice(space + 1),
    bytes: undefined,
    invalidText: false,
    incomplete: false,
    place: { frames: [at + 1], firstPacket: at + 10, lastPacket: at + 10 },
  }
}

/** `message changed 2 $.a`: subject, kind, the number on the actual side or else on the expected one, paths of the changes. */
export function inWords(differences: readonly Difference[]): string[] {
  return differences.map(({ kind, subject, number, changes }) =>
    [subject, kind, number.actual ?? number.expected, ...changes.map(({ path }) => path)]
      .filter((word) => word !== undefined)
      .join(' '),
  )
}
