// Flip: each bit of a frame can be turned; what changes, and which rule breaks.
import { useMemo, useState } from 'preact/hooks'
import { toHex } from '../../base/bytes.ts'
import { fieldMeaning } from '../../language/field-meaning.ts'
import { fieldsOf } from '../../websocket/fields.ts'
import { decodeHeader } from '../../websocket/header.ts'
import { BitDiagram } from '../inspector/bit-diagram.tsx'
import { valueText } from '../inspector/field-value.ts'
import { MessageView } from '../inspector/message-view.tsx'
import { readFrame } from '../inspector/read-frame.ts'
import { useWords } from '../words.tsx'
import { decode } from './decode.ts'
import { BrokenRules } from './flip-outcome.tsx'
import { closeBody, makeFrames } from './make-frames.ts'

const encoder = new TextEncoder()

/** Frames to begin with; each is right. */
const FRAMES = {
  text: { from: 'client', make: () => make(0x1, encoder.encode('Hello'), 0x37fa213d) },
  compressed: { from: 'client', make: () => make(0x1, encoder.encode('111'), 0x43020acf, true) },
  fromServer: { from: 'server', make: () => make(0x1, encoder.encode('你好')) },
  ping: { from: 'client', make: () => make(0x9, encoder.encode('?'), 0x1b2c3d4e) },
  close: { from: 'server', make: () => make(0x8, closeBody(1000)) },
} as const
type Name = keyof typeof FRAMES

function make(opcode: number, payload: Uint8Array, key?: number, compressed = false): Uint8Array {
  return makeFrames({ opcode, payload, compressed, key: key === undefined ? undefined : () => key })[0]!
}

/** The bench. */
export function FlipBench() {
  const catalogue = useWords()
  const { laboratory: words, inspector, fields: fieldWords } = catalogue
  const [name, setName] = useState<Name>('text')
  const [flipped, setFlipped] = useState<ReadonlySet<number>>(new Set())
  const { from } = FRAMES[name]
  const original = useMemo(() => FRAMES[name].make(), [name])
  const bytes = useMemo(() => {
    const turned = original.slice()
    for (const bit of flipped) turned[bit >> 3]! ^= 0x80 >> (bit & 7)
    return turned
  }, [original, flipped])
  // Only a connection that agreed on compression gives RSV1 a meaning; this one did if the frame is compressed from the start.
  const options = name === 'compressed' ? { from } : { from, deflate: null }
  const decoded = useMemo(() => decode(bytes, options), [bytes])
  const first = decoded.frames[0]
  const read = first && readFrame(first.inspected)

  const before = fieldsOf(decodeHeader(original)!)
  const after = read?.fields ?? []
  const changes = [
    ...before,
    ...after.filter((field) => !before.some((other) => other.name === field.name)),
  ].flatMap(({ name: field }) => {
    const was = before.find((each) => each.name === field)
    const is = after.find((each) => each.name === field)
    return was?.value === is?.value ? [] : [{ field, was, is }]
  })
  const flip = (bit: number): void => {
    const turned = new Set(flipped)
    if (!turned.delete(bit)) turned.add(bit)
    setFlipped(turned)
  }

  return (
    <section class="bench" id="flip" aria-labelledby="flip-heading">
      <h2 id="flip-heading">{words.flip}</h2>
      <p>{words.flipHow}</p>
      <div class="bench-form">
        <label>
          {words.beginWith}
          <select
            value={name}
            onChange={({ currentTarget }) => {
              setName(currentTarget.value as Name)
              setFlipped(new Set())
            }}
          >
            {Object.keys(FRAMES).map((each) => (
              <option key={each} value={each}>
                {words.flipFrames[each as Name]}
              </option>
            ))}
          </select>
        </label>
        <button type="button" disabled={flipped.size === 0} onClick={() => setFlipped(new Set())}>
          {words.reset}
        </button>
      </div>
      <div class="inspector">
        {read === undefined ? (
          <p class="fault">{inspector.noHeader}</p>
        ) : (
          <BitDiagram read={read} flip={flip} flipped={flipped} />
        )}
        <p class="code wire">{toHex(bytes, ' ')}</p>
        <div class="flip-outcome" aria-live="polite">
          <section>
            <h3>{words.whatChanged}</h3>
            {flipped.size === 0 && <p class="note">{words.nothingFlipped}</p>}
            {flipped.size > 0 && changes.length === 0 && <p>{words.onlyPayload}</p>}
            <ul>
              {changes.map(({ field, was, is }) => (
                <li key={field}>
                  <strong>{fieldWords.names[field]}</strong>{' '}
                  <span class="code">
                    {was === undefined ? words.absent : valueText(was, catalogue)} →{' '}
                    {is === undefined ? words.absent : valueText(is, catalogue)}
                  </span>
                  {is !== undefined && <> {fieldMeaning(fieldWords, is)}</>}
                </li>
              ))}
            </ul>
            {decoded.frames.length > 1 && <p>{words.restIsNextFrame(decoded.frames.length - 1)}</p>}
          </section>
          <section>
            <h3>{words.whichRule}</h3>
            <BrokenRules bytes={bytes} decoded={decoded} />
          </section>
          <section>
            <h3>{inspector.message}</h3>
            {read !== undefined && <MessageView read={read} />}
          </section>
        </div>
      </div>
    </section>
  )
}
