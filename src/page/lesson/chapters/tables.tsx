// What has to be looked up to read a frame by hand: the digits of hex, ASCII, opcodes, forms of the length, status codes.
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { Opcode } from '../../../base/events.ts'
import type { Catalogue } from '../../../language/catalogue.ts'
import { closeCodeFault } from '../../../websocket/close.ts'
import { fewestBits } from '../../../websocket/header.ts'
import { bitsOf, characterOf } from '../../inspector/byte-text.ts'
import { useLanguage, useWords } from '../../words.tsx'

/** A table with a caption. On a narrow screen it scrolls in a box of its own. */
function Table(props: {
  readonly caption: string
  readonly class?: string
  readonly children: ComponentChildren
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to be reached by keys
    <div class="wide" role="group" aria-label={props.caption} tabIndex={0}>
      <table class={`lookup ${props.class ?? ''}`}>
        <caption>{props.caption}</caption>
        {props.children}
      </table>
    </div>
  )
}

const DIGITS = Array.from({ length: 16 }, (_, digit) => digit)

/** The sixteen digits, the upper half beside the lower one. */
export function HexTable() {
  const words = useWords().chapters['hex-and-bits']
  const cells = (digit: number) => (
    <>
      <th scope="row" class="code">
        {digit.toString(16)}
      </th>
      <td>{digit}</td>
      <td class="code">{bitsOf(digit).slice(-4)}</td>
    </>
  )
  const heads = [words.digit, words.number, words.bits]
  return (
    <Table caption={words.digits}>
      <thead>
        <tr>
          {[...heads, ...heads].map((head, i) => (
            <th key={i} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {DIGITS.slice(0, 8).map((digit) => (
          <tr key={digit}>
            {cells(digit)}
            {cells(digit + 8)}
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

/** The characters of ASCII by the digits of their byte. */
export function AsciiTable() {
  const words = useWords().chapters['hex-and-bits']
  return (
    <Table caption={words.ascii} class="ascii">
      <thead>
        <tr>
          <td />
          {DIGITS.map((digit) => (
            <th key={digit} scope="col">
              {digit.toString(16)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[2, 3, 4, 5, 6, 7].map((high) => (
          <tr key={high}>
            <th scope="row">{high}</th>
            {DIGITS.map((low) => {
              const byte = high * 16 + low
              return <td key={low}>{byte === 0x20 ? words.space : byte === 0x7f ? '' : characterOf(byte)}</td>
            })}
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

const KINDS = ['continuation', 'text', 'binary', 'close', 'ping', 'pong'] as const

/** The opcodes (RFC 6455 §5.2). */
export function OpcodeTable() {
  const { chapters, names, fields } = useWords()
  const words = chapters['first-frame']
  return (
    <Table caption={words.opcodes}>
      <thead>
        <tr>
          <th scope="col">{words.opcode}</th>
          <th scope="col">{words.name}</th>
          <th scope="col">{words.meaning}</th>
        </tr>
      </thead>
      <tbody>
        {KINDS.map((kind) => (
          <tr key={kind}>
            <th scope="row">
              {Opcode[kind]}
              {Opcode[kind] > 9 && <span class="code"> ({Opcode[kind].toString(16)})</span>}
            </th>
            <td>{names.opcode(Opcode[kind])}</td>
            <td>{fields.meanings[kind]}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">3–7, 11–15</th>
          <td />
          <td>{words.reserved}</td>
        </tr>
      </tbody>
    </Table>
  )
}

/** Lengths on both sides of each switch of the form. */
const FORMS = [
  [0, 125],
  [126, 65_535],
  [65_536, undefined],
] as const

/** How a length is written (RFC 6455 §5.2). */
export function LengthTable() {
  const words = useWords().chapters.lengths
  const { language } = useLanguage()
  const count = (value: number): string => value.toLocaleString(language)
  return (
    <Table caption={words.forms}>
      <thead>
        <tr>
          <th scope="col">{words.length}</th>
          <th scope="col">{words.sevenBits}</th>
          <th scope="col">{words.extended}</th>
        </tr>
      </thead>
      <tbody>
        {FORMS.map(([least, most]) => {
          const bits = fewestBits(least)
          return (
            <tr key={least}>
              <th scope="row">
                {most === undefined ? words.andMore(count(least)) : words.range(count(least), count(most))}
              </th>
              <td>{bits === 7 ? words.itself : bits === 16 ? 126 : 127}</td>
              <td>{bits === 7 ? 0 : bits / 8}</td>
            </tr>
          )
        })}
      </tbody>
    </Table>
  )
}

const MOST_CODES = 65_536

interface CodeRow {
  readonly first: number
  last: number
  readonly meaning: string
  readonly mayBeSent: boolean
}

/** Every status code that a close frame has room for. Neighbours of which the same is said are one row. */
function codeRows({ chapters, names }: Catalogue): CodeRow[] {
  const rows: CodeRow[] = []
  for (let code = 0; code < MOST_CODES; code++) {
    const fault = closeCodeFault(code)
    const mayBeSent = fault === undefined
    const said = [names.closeCode(code), mayBeSent ? '' : chapters.closing.faults[fault]]
    const meaning = said.filter((part) => part !== '').join(': ')
    const before = rows.at(-1)
    if (before?.meaning === meaning && before.mayBeSent === mayBeSent) before.last = code
    else rows.push({ first: code, last: code, meaning, mayBeSent })
  }
  return rows
}

/** The status codes, and whether they may be sent (RFC 6455 §7.4). */
export function CloseCodeTable() {
  const catalogue = useWords()
  const words = catalogue.chapters.closing
  const rows = useMemo(() => codeRows(catalogue), [catalogue])
  return (
    <Table caption={words.codes}>
      <thead>
        <tr>
          <th scope="col">{words.code}</th>
          <th scope="col">{words.meaning}</th>
          <th scope="col">{words.mayBeSent}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ first, last, meaning, mayBeSent }) => (
          <tr key={first}>
            <th scope="row">{first === last ? first : `${first}–${last}`}</th>
            <td>{meaning}</td>
            <td>{mayBeSent ? words.yes : words.no}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
