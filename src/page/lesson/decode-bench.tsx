// Decode: bytes in any form that people paste, and the frames in them.
import { useMemo, useState } from 'preact/hooks'
import type { Side } from '../../base/stream.ts'
import { readPasted } from '../../pasted/pasted.ts'
import { useWords } from '../words.tsx'
import { decode } from './decode.ts'
import { FramesView } from './frames-view.tsx'
import { recordLines } from './record-lines.ts'

/** The article's frame. */
const EXAMPLE = 'c1 85 43 02 0a cf 71 36 3e cb 43'

/** The bench. */
export function DecodeBench() {
  const { laboratory: words } = useWords()
  const [text, setText] = useState(EXAMPLE)
  const [sender, setSender] = useState<Side | 'mask'>('mask')
  const pasted = useMemo(() => readPasted(text), [text])
  const decoded = useMemo(
    () =>
      'bytes' in pasted ? decode(pasted.bytes, { from: sender === 'mask' ? undefined : sender }) : undefined,
    [pasted, sender],
  )
  return (
    <section class="bench" id="decode" aria-labelledby="decode-heading">
      <h2 id="decode-heading">{words.decode}</h2>
      <p>{words.decodeHow}</p>
      <form class="bench-form" onSubmit={(event) => event.preventDefault()}>
        <label class="grow">
          {words.bytes}
          <textarea
            class="code"
            rows={4}
            value={text}
            spellcheck={false}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <label>
          {words.sender}
          <select
            value={sender}
            onChange={({ currentTarget }) => setSender(currentTarget.value as Side | 'mask')}
          >
            <option value="mask">{words.senderByMask}</option>
            <option value="client">{words.client}</option>
            <option value="server">{words.server}</option>
          </select>
        </label>
      </form>
      {'fault' in pasted && <p class="fault">{words.pastedFault(pasted.fault)}</p>}
      {'notes' in pasted &&
        pasted.notes.map((note) => (
          <p class="note" key={note.what}>
            {words.pastedNote(note)}
          </p>
        ))}
      {decoded !== undefined && (
        <>
          <FramesView decoded={decoded} />
          <details class="records">
            <summary>{words.records}</summary>
            <p class="note">
              {words.recordsWhy} <code>framewalk walk --format ndjson</code>
            </p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to be reached by keys */}
            <pre class="code" tabIndex={0}>
              {recordLines(decoded.events)}
            </pre>
          </details>
        </>
      )}
    </section>
  )
}
