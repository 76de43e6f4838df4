// Encode: a message in, its frames out, while it is typed.
import { useMemo, useState } from 'preact/hooks'
import { concat, toHex, wordToHex } from '../../base/bytes.ts'
import { Opcode } from '../../base/events.ts'
import { readPasted } from '../../pasted/pasted.ts'
import { decodeHeader } from '../../websocket/header.ts'
import { useWords } from '../words.tsx'
import { decode } from './decode.ts'
import { FramesView } from './frames-view.tsx'
import { closeBody, makeFrames } from './make-frames.ts'
import { drawKey } from './random.ts'

const OPCODES = ['text', 'binary', 'close', 'ping', 'pong'] as const
type OpcodeName = (typeof OPCODES)[number]

const encoder = new TextEncoder()
/** Hex digits of the frames that are shown. */
const SHOWN = 1024

/** The bench. */
export function EncodeBench() {
  const { laboratory: words, names } = useWords()
  const [opcode, setOpcode] = useState<OpcodeName>('text')
  const [text, setText] = useState('Hello')
  const [code, setCode] = useState(1000)
  const [masked, setMasked] = useState(true)
  const [key, setKey] = useState(() => wordToHex(drawKey()))
  const [fragments, setFragments] = useState(1)
  const [compressed, setCompressed] = useState(false)

  const isMessage = opcode === 'text' || opcode === 'binary'
  const keyFault = masked && !/^[0-9a-f]{8}$/i.test(key)
  // The field asks for hex: what could be decimal as well is hex here.
  const pasted = opcode === 'binary' && text.trim() !== '' ? readPasted(`hex:${text}`) : undefined
  const bytesFault = pasted !== undefined && 'fault' in pasted ? pasted.fault : undefined
  const frames = useMemo(() => {
    if (keyFault || bytesFault !== undefined) return []
    const payload =
      opcode === 'close'
        ? closeBody(code, text)
        : opcode === 'binary'
          ? pasted !== undefined && 'bytes' in pasted
            ? pasted.bytes
            : new Uint8Array(0)
          : encoder.encode(text)
    // Each frame has a key of its own; the first has the one that is shown.
    let next = Number.parseInt(key, 16)
    const draw = (): number => {
      const drawn = next
      next = drawKey()
      return drawn
    }
    const options = { fragments, compressed, key: masked ? draw : undefined }
    return makeFrames({ opcode: Opcode[opcode], payload, ...options })
  }, [opcode, text, code, masked, key, fragments, compressed])
  const bytes = useMemo(() => concat(frames), [frames])
  const decoded = useMemo(() => decode(bytes), [bytes])

  return (
    <section class="bench" id="encode" aria-labelledby="encode-heading">
      <h2 id="encode-heading">{words.encode}</h2>
      <p>{words.encodeHow}</p>
      <form class="bench-form" onSubmit={(event) => event.preventDefault()}>
        <label>
          {words.opcode}
          <select
            value={opcode}
            onChange={({ currentTarget }) => setOpcode(currentTarget.value as OpcodeName)}
          >
            {OPCODES.map((name) => (
              <option key={name} value={name}>
                0x{Opcode[name].toString(16)} {names.opcode(Opcode[name])}
              </option>
            ))}
          </select>
        </label>
        {opcode === 'close' && (
          <label>
            {words.closeCode}
            <input
              type="number"
              min={0}
              max={65535}
              value={code}
              onInput={({ currentTarget }) => setCode(Math.max(0, currentTarget.valueAsNumber || 0) & 0xffff)}
            />
          </label>
        )}
        <label class="grow">
          {opcode === 'binary' ? words.hexPayload : opcode === 'close' ? words.reason : words.text}
          <input
            type="text"
            value={text}
            spellcheck={false}
            aria-invalid={bytesFault !== undefined}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={masked}
            onChange={({ currentTarget }) => setMasked(currentTarget.checked)}
          />
          {words.masked}
        </label>
        {masked && (
          <div class="with-button">
            <label>
              {words.key}
              <input
                type="text"
                class="code"
                value={key}
                size={9}
                spellcheck={false}
                aria-invalid={keyFault}
                onInput={({ currentTarget }) => setKey(currentTarget.value.trim())}
              />
            </label>
            <button type="button" onClick={() => setKey(wordToHex(drawKey()))}>
              {words.drawKey}
            </button>
          </div>
        )}
        {isMessage && (
          <>
            <label>
              {words.fragments}
              <input
                type="number"
                min={1}
                max={16}
                value={fragments}
                onInput={({ currentTarget }) =>
                  setFragments(Math.min(16, Math.max(1, currentTarget.valueAsNumber || 1)))
                }
              />
            </label>
            <label class="check">
              <input
                type="checkbox"
                checked={compressed}
                onChange={({ currentTarget }) => setCompressed(currentTarget.checked)}
              />
              {words.compress}
            </label>
          </>
        )}
      </form>
      {keyFault && <p class="fault">{words.keyFault}</p>}
      {bytesFault !== undefined && <p class="fault">{words.pastedFault(bytesFault)}</p>}
      {pasted !== undefined &&
        'notes' in pasted &&
        pasted.notes.map((note) => (
          <p class="note" key={note.what}>
            {words.pastedNote(note)}
          </p>
        ))}
      {frames.length > 0 && (
        <>
          <p aria-live="polite">
            {words.sizes(
              frames.map((frame) => {
                const { headerLength } = decodeHeader(frame)!
                return [headerLength, frame.length - headerLength]
              }),
            )}
          </p>
          <p>
            <output class="code wire" aria-label={words.bytes}>
              {toHex(bytes, ' ', 0, Math.min(bytes.length, SHOWN))}
              {bytes.length > SHOWN && ' …'}
            </output>
          </p>
          <FramesView decoded={decoded} />
        </>
      )}
    </section>
  )
}
