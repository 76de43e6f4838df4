// The length slider: shows at which lengths the form switches.
import { useMemo, useState } from 'preact/hooks'
import { encodeHeader } from '../../websocket/encode.ts'
import { fewestBits } from '../../websocket/header.ts'
import { BitDiagram } from '../inspector/bit-diagram.tsx'
import { readFrame } from '../inspector/read-frame.ts'
import { useWords } from '../words.tsx'

const MOST = 70_000
/** On both sides of each switch. */
const MARKS = [0, 125, 126, 65_535, 65_536, MOST]

/** The bench. `masked`: whether it begins with a client's frame. */
export function LengthBench({ masked: first = true }: { readonly masked?: boolean }) {
  const { laboratory: words } = useWords()
  const [length, setLength] = useState(5)
  const [masked, setMasked] = useState(first)
  const form = fewestBits(length)
  const headerLength = 2 + (form === 7 ? 0 : form / 8) + (masked ? 4 : 0)
  const read = useMemo(() => {
    const header = encodeHeader({
      fin: true,
      rsv1: false,
      rsv2: false,
      rsv3: false,
      opcode: 1,
      maskingKey: masked ? 0x37fa213d : undefined,
      headerLength,
      payloadLength: length,
    })
    return readFrame({
      bytes: header,
      from: masked ? 'client' : 'server',
      holes: [],
      announcedLength: headerLength + length,
      message: undefined,
      findings: [],
      segments: [],
    })
  }, [length, masked])
  const set = (value: number): void => setLength(Math.min(MOST, Math.max(0, Math.floor(value) || 0)))
  return (
    <section class="bench" id="length" aria-labelledby="length-heading">
      <h2 id="length-heading">{words.length}</h2>
      <p>{words.lengthHow}</p>
      <div class="bench-form">
        <label class="grow">
          {words.payloadBytes}
          <input
            type="range"
            min={0}
            max={MOST}
            value={length}
            onInput={({ currentTarget }) => set(currentTarget.valueAsNumber)}
          />
        </label>
        <label>
          {words.exactly}
          <input
            type="number"
            min={0}
            max={MOST}
            value={length}
            onInput={({ currentTarget }) => set(currentTarget.valueAsNumber)}
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
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame */}
      <div class="marks" role="group" aria-label={words.marks}>
        {MARKS.map((mark) => (
          <button key={mark} type="button" aria-pressed={mark === length} onClick={() => set(mark)}>
            {mark}
          </button>
        ))}
      </div>
      <p class="large" aria-live="polite">
        {words.lengthForm(form, length)} {words.frameSize(headerLength, length)}
      </p>
      <div class="inspector">
        <BitDiagram read={read} onField={() => {}} />
      </div>
    </section>
  )
}
