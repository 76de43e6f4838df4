// The frame as RFC 6455 §5.2 draws it: 32 bits a row, or 16 on a narrow screen, each field with the bits that it has here.
import type { FrameField } from '../../websocket/fields.ts'
import { useWords } from '../words.tsx'
import { NARROW, useMedia } from './media.ts'
import { fieldColour, type ReadFrame } from './read-frame.ts'
import { type Spot, standsFor, useSpotClass } from './spot.ts'

/** Payload bytes that are drawn; and the same if bits can be turned, which is more than any frame there has. */
const PAYLOAD_DRAWN = 16
const PAYLOAD_TURNED = 128

/** The part of a field that lies in one row. */
interface Piece extends Spot {
  readonly field: FrameField
}

/** `chosen`: the field that is pinned. With `flip`, each bit of the header and of the payload is a button that turns it. */
export function BitDiagram(props: {
  readonly read: ReadFrame
  readonly chosen?: string | undefined
  readonly onField?: (name: string) => void
  readonly flip?: (bit: number) => void
  /** Bits that were turned. */
  readonly flipped?: ReadonlySet<number>
}) {
  const { inspector: words, fields: fieldWords } = useWords()
  const { read, chosen, onField, flip, flipped } = props
  const columns = useMedia(NARROW) ? 16 : 32
  const spotClass = useSpotClass()
  const most = flip === undefined ? PAYLOAD_DRAWN : PAYLOAD_TURNED
  const drawnBytes = read.payloadAt + Math.min(read.payloadLength, most)
  const rows = rowsOf(read.fields, drawnBytes * 8, columns)
  const rest = read.payloadLength - most

  const bits = (piece: Piece) => {
    const cells = []
    for (let bit = piece.start; bit < piece.end; bit++) {
      const value = (read.frame.bytes[bit >> 3]! >> (7 - (bit & 7))) & 1
      const spot = { start: bit, end: bit + 1 }
      const look = spotClass(spot, 'bit', flipped?.has(bit) === true ? 'flipped' : '')
      cells.push(
        flip === undefined ? (
          <span key={bit} {...standsFor(spot)} class={look}>
            {value}
          </span>
        ) : (
          <button
            key={bit}
            type="button"
            {...standsFor(spot)}
            class={look}
            aria-label={words.flipBit(bit, fieldWords.names[piece.field.name], value)}
            onClick={() => flip(bit)}
          >
            {value}
          </button>
        ),
      )
    }
    return cells
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame
    <div class={`bit-diagram columns-${columns}`} role="group" aria-label={words.diagram}>
      <div class="bit-row bit-ruler" aria-hidden="true">
        {Array.from({ length: columns }, (_, i) => (
          <span key={i}>{i}</span>
        ))}
      </div>
      {rows.map((row, number) => (
        <div class="bit-row" key={row[0]!.start}>
          {row.map((piece) => {
            const { field } = piece
            const name = fieldWords.names[field.name]
            const continued = piece.start !== field.firstBit
            const look = spotClass(
              piece,
              'piece',
              fieldColour(field),
              piece.end - piece.start === 1 ? 'single' : '',
            )
            const inside = (
              <>
                <span class="piece-name">{continued ? words.continued(name) : name}</span>{' '}
                <span class="piece-bits">{bits(piece)}</span>
              </>
            )
            const common = {
              ...standsFor(piece),
              class: look,
              style: { gridColumn: `${(piece.start % columns) + 1} / span ${piece.end - piece.start}` },
            }
            return flip === undefined ? (
              <button
                key={piece.start}
                type="button"
                aria-pressed={chosen === field.name}
                aria-label={`${continued ? words.continued(name) : name} ${bitText(read, piece)}`}
                tabIndex={continued && number > 0 ? -1 : 0}
                onClick={() => onField?.(field.name)}
                {...common}
              >
                {inside}
              </button>
            ) : (
              <div key={piece.start} {...common}>
                {inside}
              </div>
            )
          })}
        </div>
      ))}
      {rest > 0 && <p class="note">{words.moreBytes(rest)}</p>}
    </div>
  )
}

function rowsOf(fields: readonly FrameField[], end: number, columns: number): Piece[][] {
  const rows: Piece[][] = []
  for (const field of fields) {
    const fieldEnd = Math.min(field.firstBit + field.bits, end)
    for (let start = field.firstBit; start < fieldEnd; ) {
      const pieceEnd = Math.min(fieldEnd, (Math.floor(start / columns) + 1) * columns)
      const row = Math.floor(start / columns)
      rows[row] ??= []
      rows[row].push({ field, start, end: pieceEnd })
      start = pieceEnd
    }
  }
  return rows
}

function bitText({ frame }: ReadFrame, { start, end }: Spot): string {
  let text = ''
  for (let bit = start; bit < end; bit++) text += (frame.bytes[bit >> 3]! >> (7 - (bit & 7))) & 1
  return text
}
