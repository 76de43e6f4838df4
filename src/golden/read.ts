// The text of a golden file in, a Golden out. Messages are read one by one. A person may have written anything into it: the first thing that makes no sense is
// named, with its place and the cure.
import { FINDINGS, type FindingCode } from '../base/findings.ts'
import { InputError } from '../base/input-error.ts'
import { JsonFault, parseDocument, placeIn } from '../base/json-document.ts'
import type { Side } from '../base/stream.ts'
import { quoteJson } from '../render/text/json-text.ts'
import {
  GOLDEN_SCHEMA,
  type Golden,
  type GoldenBytes,
  type GoldenClosed,
  type GoldenFinding,
  type GoldenFrame,
  type GoldenHandshake,
  type GoldenMessage,
  type Level,
  NO_RULES,
  type Rules,
} from './golden.ts'
import { itemsIn, listsIn, type Part, PartFault, placeOfByte, valueIn } from './json-parts.ts'
import { JsonShape, ShapeError } from './json-shape.ts'
import { ConnectionPacker } from './packed-connections.ts'
import { compileRules } from './rules.ts'
import { SPELLING_NAMES, spell } from './spelling.ts'

/** How much of a file is looked at once more to find the first thing that is wrong with it. */
const LOOKED_AT_AGAIN = 16 * 2 ** 20

/** Reads the text of a golden file. If it makes no sense, throws InputError: one line with `name`, the place and the cure. */
export function readGolden(text: string, name: string): Golden {
  const golden = readGoldenBytes(Buffer.from(text), name)
  return {
    ...golden,
    connections: Array.from(golden.connections, (connection) => ({
      ...connection,
      messages: [...connection.messages],
      frames: connection.frames && [...connection.frames],
    })),
  }
}

/**
 * Reads the bytes of a golden file, UTF-8. Its connections are packed. `spend` as for a ConnectionPacker. Throws as `readGolden`, and
 * what `spend` throws.
 */
export function readGoldenBytes(
  bytes: Uint8Array,
  name: string,
  spend: (bytes: number) => void = () => {},
): Golden {
  try {
    const golden = goldenOf(bytes, name, spend)
    compileRules(golden.rules)
    return golden
  } catch (error) {
    if (!(error instanceof ShapeError || error instanceof PartFault)) throw error
    // What is not JSON at all comes first.
    if (bytes.length <= LOOKED_AT_AGAIN) parsed(new TextDecoder().decode(bytes), name)
    if (error instanceof PartFault) throw notJson(name, placeOfByte(bytes, error.offset), error)
    throw new InputError(`${name}: ${error.path === '' ? '' : `${error.path}: `}${error.message}`)
  }
}

function parsed(text: string, name: string): void {
  try {
    parseDocument(text)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    throw notJson(name, placeIn(text, error.offset), error)
  }
}

function notJson(name: string, place: string, fault: Error): InputError {
  return new InputError(
    `${name}:${place}: ${fault.message}; mend it there, or delete the file and write it anew with framewalk check --update`,
    { cause: fault },
  )
}

function goldenOf(bytes: Uint8Array, name: string, spend: (bytes: number) => void): Golden {
  const whole = { start: 0, end: bytes.length }
  const lists = listsIn(bytes, whole, ['connections'])
  const root = new JsonShape(valueIn(bytes, whole, lists), '').object()
  const schema = root.member('schema').number()
  if (schema > GOLDEN_SCHEMA)
    throw new InputError(
      `${name}: schema: is ${schema}, written by a later framewalk; this one reads up to ${GOLDEN_SCHEMA}: update framewalk`,
    )
  if (schema !== GOLDEN_SCHEMA) root.member('schema').fail(`is ${schema}, and there is only ${GOLDEN_SCHEMA}`)
  root.only('schema', 'level', 'rules', 'connections', 'findings')
  const level = root.member('level').oneOf(['messages', 'frames'] as const)
  const rules = root.has('rules') ? rulesOf(root.member('rules'), name) : NO_RULES
  root.member('connections').list()
  const packer = new ConnectionPacker(level === 'frames', spend)
  let number = 0
  for (const list of lists)
    for (const part of itemsIn(bytes, list)) packConnection(bytes, part, number++, level, packer)
  return {
    level,
    rules,
    connections: packer.end(),
    findings: root.has('findings') ? root.member('findings').list().map(findingOf) : [],
  }
}

function packConnection(
  bytes: Uint8Array,
  part: Part,
  index: number,
  level: Level,
  packer: ConnectionPacker,
): void {
  const path = `connections[${index}]`
  const lists = listsIn(bytes, part, ['messages', 'frames'])
  const connection = new JsonShape(valueIn(bytes, part, lists), path)
    .object()
    .only('handshake', 'messages', 'frames', 'findings', 'closed')
  const handshake = connection.member('handshake')
  packer.connection({ number: index + 1, handshake: handshake.isNull ? null : handshakeOf(handshake) })
  connection.member('messages').list()
  if (level === 'frames') connection.member('frames').list()
  for (const list of lists) {
    if (list.name === 'frames' && level !== 'frames') continue
    let at = 0
    for (const item of itemsIn(bytes, list)) {
      const shape = new JsonShape(valueIn(bytes, item), `${path}.${list.name}[${at++}]`)
      if (list.name === 'frames') packer.frame(index, frameOf(shape))
      else packer.message(index, messageOf(shape))
    }
  }
  const findings = connection.has('findings') ? connection.member('findings').list() : []
  for (const finding of findings) packer.finding(index, findingOf(finding))
  packer.closed(index, closedOf(connection.member('closed')))
}

function rulesOf(shape: JsonShape, file: string): Rules {
  const rules = shape.object().only('ignore', 'replace', 'unordered', 'headers')
  const read: Rules = {
    ignore: rules.has('ignore')
      ? rules
          .member('ignore')
          .list()
          .map((item) => item.string())
      : [],
    replace: rules.has('replace')
      ? rules
          .member('replace')
          .list()
          .map((item) => {
            const replacement = item.object().only('pattern', 'with')
            return {
              pattern: replacement.member('pattern').string(),
              with: replacement.member('with').string(),
            }
          })
      : [],
    unordered: rules.has('unordered') && rules.member('unordered').boolean(),
    headers: rules.has('headers') ? rules.member('headers').list().map(headerName) : [],
  }
  return read.ignore.length + read.replace.length === 0 ? read : { ...read, file }
}

/** RFC 9110 §5.1. */
function headerName(shape: JsonShape): string {
  const name = shape.string()
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name)
    ? name
    : shape.fail(`${quoteJson(name)} is not the name of a header`)
}

function handshakeOf(shape: JsonShape): GoldenHandshake {
  const handshake = shape.object().only('target', 'host', 'offered', 'subprotocol', 'extensions', 'headers')
  const offered = handshake.has('offered')
    ? handshake.member('offered').object().only('subprotocols', 'extensions')
    : undefined
  const text = (from: JsonShape | undefined, name: string): string | null =>
    from?.has(name) ? from.member(name).string() : null
  return {
    target: text(handshake, 'target'),
    host: text(handshake, 'host'),
    offered: { subprotocols: text(offered, 'subprotocols'), extensions: text(offered, 'extensions') },
    subprotocol: text(handshake, 'subprotocol'),
    extensions: handshake.has('extensions')
      ? handshake
          .member('extensions')
          .list()
          .map((item) => item.string())
      : [],
    headers: handshake.has('headers')
      ? handshake
          .member('headers')
          .members()
          .map(([name, value]) => [name, value.string()] as const)
      : [],
  }
}

function messageOf(shape: JsonShape): GoldenMessage {
  const message = shape
    .object()
    .only('from', 'text', 'json', 'spelling', 'binary', 'invalidText', 'incomplete')
  const isBinary = message.has('binary')
  if (isBinary && (message.has('text') || message.has('json')))
    message.fail('has "binary" and text; a message is one of them')
  return {
    from: sideOf(message),
    text: textOf(message),
    bytes: isBinary ? bytesOf(message.member('binary')) : undefined,
    invalidText: message.has('invalidText') && message.member('invalidText').boolean(),
    incomplete: message.has('incomplete') && message.member('incomplete').boolean(),
    place: undefined,
  }
}

function textOf(message: JsonShape): string | undefined {
  const text = message.has('text') ? joinedLines(message.member('text')) : undefined
  if (!message.has('json')) return text
  const json = message.member('json')
  if (text !== undefined) {
    if (!sameJson(text, json.value)) message.fail('"json" and "text" disagree; change both, or drop "text"')
    return text
  }
  const spelling = message.has('spelling') ? message.member('spelling') : undefined
  const spelled = spell(json.value, spelling?.string() ?? 'compact')
  return spelled ?? spelling!.fail(`expected one of ${SPELLING_NAMES.join(', ')}`)
}

function sameJson(text: string, json: unknown): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(json)
  } catch {
    return false
  }
}

function bytesOf(shape: JsonShape): GoldenBytes {
  if (shape.isString || shape.isList) {
    const hex = hexOf(shape, shape.isString ? shape.string() : joinedLines(shape, ' '))
    return { length: hex.length / 2, hex, sha256: undefined }
  }
  const bytes = shape.object().only('length', 'start', 'sha256')
  const sha256 = bytes.member('sha256')
  return {
    length: bytes.member('length').count(),
    hex: hexOf(bytes.member('start'), bytes.member('start').string()),
    sha256: /^[0-9a-f]{64}$/i.test(sha256.string())
      ? sha256.string().toLowerCase()
      : sha256.fail('expected a SHA-256, 64 hex digits'),
  }
}

function hexOf(shape: JsonShape, text: string): string {
  const hex = text.replace(/\s/g, '').toLowerCase()
  return /^([0-9a-f]{2})*$/.test(hex) ? hex : shape.fail('expected bytes as hex digits, two each')
}

function joinedLines(shape: JsonShape, separator = ''): string {
  if (shape.isString) return shape.string()
  return shape
    .list()
    .map((line) => line.string())
    .join(separator)
}

function frameOf(shape: JsonShape): GoldenFrame {
  const frame = shape.object().only('from', 'opcode', 'fin', 'rsv', 'masked', 'length', 'lengthForm')
  const length = frame.has('length') ? frame.member('length') : undefined
  return {
    from: sideOf(frame),
    opcode: frame.member('opcode').string(),
    fin: frame.member('fin').boolean(),
    rsv: frame.has('rsv')
      ? frame
          .member('rsv')
          .list()
          .map((bit) => bit.count())
      : [],
    masked: frame.member('masked').boolean(),
    length: length?.isString ? length.string() : length?.count(),
    lengthForm: frame.has('lengthForm') ? frame.member('lengthForm').count() : undefined,
    place: undefined,
  }
}

function findingOf(shape: JsonShape): GoldenFinding {
  const finding = shape.object().only('code', 'severity', 'from', 'count')
  const code = finding.member('code').oneOf(Object.keys(FINDINGS) as FindingCode[])
  return {
    code,
    severity: FINDINGS[code].severity,
    from: finding.has('from') ? sideOf(finding) : undefined,
    count: finding.has('count') ? finding.member('count').count() : undefined,
    place: undefined,
    message: undefined,
  }
}

function closedOf(shape: JsonShape): GoldenClosed {
  const closed = shape.object().only('how', 'code', 'reason', 'by')
  const orNull = <T>(name: string, read: (member: JsonShape) => T): T | null =>
    !closed.has(name) || closed.member(name).isNull ? null : read(closed.member(name))
  return {
    how: closed.member('how').oneOf(['clean', 'close-frame-only', 'tcp-fin', 'tcp-reset', 'open'] as const),
    code: orNull('code', (code) => code.count()),
    reason: orNull('reason', (reason) => reason.string()),
    by: orNull('by', (by) => by.oneOf(['client', 'server'] as const)),
  }
}

function sideOf(shape: JsonShape): Side {
  return shape.member('from').oneOf(['client', 'server'] as const)
}
