// A Golden in, the text of its golden file out: JSON for code reviews. Each message is a block, and a short block is one line.
// Empty and usual values are left out.
import { quoteJson } from '../render/text/json-text.ts'
import {
  GOLDEN_SCHEMA,
  type Golden,
  type GoldenBytes,
  type GoldenConnection,
  type GoldenFinding,
  type GoldenFrame,
  type GoldenHandshake,
  type GoldenMessage,
  type List,
} from './golden.ts'
import { parseJson } from './json-text.ts'
import { spellingOf } from './spelling.ts'

/** Longest line that several values share. */
const LINE_LENGTH = 100
const BYTES_PER_LINE = 32

/** The golden file's text. The same Golden always gives the same text. */
export function writeGolden(golden: Golden): string {
  return [...goldenPieces(golden)].join('')
}

/** The golden file's text, piece by piece: a connection of a million messages is never one string. */
export function* goldenPieces(golden: Golden): Generator<string> {
  const { ignore, replace, unordered, headers } = golden.rules
  yield* block([
    ['schema', GOLDEN_SCHEMA],
    ['level', golden.level],
    ['rules', { ignore, replace, unordered, headers }],
    ['connections', new Blocks(golden.connections, connectionPieces)],
    ['findings', golden.findings.map(findingJson)],
  ])
  yield '\n'
}

/** A message as the golden file has it. */
export function messageJson(message: GoldenMessage): Record<string, unknown> {
  return {
    from: message.from,
    ...(message.text !== undefined && textJson(message.text)),
    ...(message.bytes !== undefined && { binary: bytesJson(message.bytes) }),
    ...(message.invalidText && { invalidText: true }),
    ...(message.incomplete && { incomplete: true }),
  }
}

/** A frame as the golden file has it. */
export function frameJson(frame: GoldenFrame): Record<string, unknown> {
  return {
    from: frame.from,
    opcode: frame.opcode,
    fin: frame.fin,
    ...(frame.rsv.length > 0 && { rsv: frame.rsv }),
    masked: frame.masked,
    ...(frame.length !== undefined && { length: frame.length }),
    ...(frame.lengthForm !== undefined && { lengthForm: frame.lengthForm }),
  }
}

/** A handshake as the golden file has it. */
export function handshakeJson(handshake: GoldenHandshake): Record<string, unknown> {
  const { target, host, offered, subprotocol, extensions, headers } = handshake
  const wishes = {
    ...(offered.subprotocols !== null && { subprotocols: offered.subprotocols }),
    ...(offered.extensions !== null && { extensions: offered.extensions }),
  }
  return {
    ...(target !== null && { target }),
    ...(host !== null && { host }),
    ...(Object.keys(wishes).length > 0 && { offered: wishes }),
    ...(subprotocol !== null && { subprotocol }),
    ...(extensions.length > 0 && { extensions }),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
  }
}

function connectionPieces(connection: GoldenConnection, indent: string): Iterable<string> {
  const { handshake, messages, frames, findings, closed } = connection
  return block(
    [
      ['handshake', handshake && handshakeJson(handshake)],
      ['messages', new Blocks(messages, (message, inner) => [pretty(messageJson(message), inner)])],
      ...(frames === undefined
        ? []
        : [['frames', new Blocks(frames, (frame, inner) => [pretty(frameJson(frame), inner)])] as const]),
      ['findings', findings.map(findingJson)],
      ['closed', closed],
    ],
    indent,
  )
}

/** A list whose items are written one by one. */
class Blocks<T> {
  readonly #items: List<T>
  readonly #pieces: (item: T, indent: string) => Iterable<string>

  constructor(items: List<T>, pieces: (item: T, indent: string) => Iterable<string>) {
    this.#items = items
    this.#pieces = pieces
  }

  *pieces(indent: string): Generator<string> {
    const inner = `${indent}  `
    let before = '[\n'
    for (const item of this.#items) {
      yield before + inner
      yield* this.#pieces(item, inner)
      before = ',\n'
    }
    yield this.#items.length === 0 ? '[]' : `\n${indent}]`
  }
}

/** An object of which each member has a line of its own, or more. */
function* block(
  members: ReadonlyArray<readonly [name: string, value: unknown]>,
  indent = '',
): Generator<string> {
  const inner = `${indent}  `
  let before = '{\n'
  for (const [name, value] of members) {
    const label = `${quoteJson(name)}: `
    yield before + inner + label
    if (value instanceof Blocks) yield* value.pieces(inner)
    else yield pretty(value, inner, label.length)
    before = ',\n'
  }
  yield `\n${indent}}`
}

function findingJson({ code, severity, from, count }: GoldenFinding): Record<string, unknown> {
  return { code, severity, ...(from !== undefined && { from }), ...(count !== undefined && { count }) }
}

function textJson(text: string): Record<string, unknown> {
  const json = parseJson(text)
  const lines = text.split(/(?<=\n)/)
  const asText = { text: lines.length > 1 ? lines : text }
  if (json === undefined) return asText
  const spelling = spellingOf(text, json)
  if (spelling === undefined) return { json, ...asText }
  return spelling === 'compact' ? { json } : { json, spelling }
}

function bytesJson({ length, hex, sha256 }: GoldenBytes): unknown {
  if (sha256 !== undefined) return { length, start: spacedHex(hex), sha256 }
  const lines = hex.match(new RegExp(`.{1,${2 * BYTES_PER_LINE}}`, 'g'))?.map(spacedHex) ?? []
  return lines.length > 1 ? lines : (lines[0] ?? '')
}

function spacedHex(hex: string): string {
  return hex.replace(/..(?=.)/g, '$& ')
}

/** JSON in lines. A value that fits stays on one line. */
function pretty(value: unknown, indent = '', before = 0): string {
  if (typeof value === 'string') return quoteJson(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const isArray = Array.isArray(value)
  const [open, close] = isArray ? ['[', ']'] : ['{', '}']
  const members = isArray ? value.map((member) => ['', member] as const) : Object.entries(value)
  if (members.length === 0) return open + close
  const inner = `${indent}  `
  const parts = members.map(([name, member]) => {
    const label = isArray ? '' : `${quoteJson(name)}: `
    return label + pretty(member, inner, label.length)
  })
  const space = isArray ? '' : ' '
  const line = `${open}${space}${parts.join(', ')}${space}${close}`
  // A list of blocks is never one line, and its parents are not either: a further block should be one further line in a review.
  const isList = members.some(([, member]) => isArray && typeof member === 'object' && member !== null)
  if (!isList && !line.includes('\n') && indent.length + before + line.length <= LINE_LENGTH) return line
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`
}
