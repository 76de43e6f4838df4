// The masking bench: payload, key, XOR and text in rows, one byte a step, the key editable.
import { useState } from 'preact/hooks'
import { wordToHex } from '../../base/bytes.ts'
import { bitsOf, characterOf, hexOf } from '../inspector/byte-text.ts'
import { useWords } from '../words.tsx'
import { drawKey } from './random.ts'

const encoder = new TextEncoder()
/** Payload bytes that are masked. */
const MOST = 32

/** The bench. */
export function MaskingBench() {
  const { laboratory: words, inspector } = useWords()
  const [text, setText] = useState('Hello')
  const [key, setKey] = useState('37fa213d')
  const [done, setDone] = useState(0)
  const isKey = /^[0-9a-f]{8}$/i.test(key)
  const payload = encoder.encode(text).subarray(0, MOST)
  const keyBytes = [0, 1, 2, 3].map((i) => Number.parseInt(key.slice(i * 2, i * 2 + 2), 16))
  const indices = Array.from(payload, (_, i) => i)
  const masked = (i: number): number => payload[i]! ^ keyBytes[i % 4]!
  const current = Math.min(done, payload.length) - 1
  const look = (i: number): string => (i === current ? 'code lit' : 'code')
  const restart = (change: () => void): void => {
    change()
    setDone(0)
  }
  const row = (name: string, value: (i: number) => string, shown: (i: number) => boolean, colour: string) => (
    <tr class={colour}>
      <th scope="row">{name}</th>
      {indices.map((i) => (
        <td key={i} class={look(i)}>
          {shown(i) ? value(i) : '··'}
        </td>
      ))}
    </tr>
  )
  const always = (): boolean => true
  const reached = (i: number): boolean => i <= current
  return (
    <section class="bench" id="masking-bench" aria-labelledby="masking-heading">
      <h2 id="masking-heading">{words.masking}</h2>
      <p>{words.maskingHow}</p>
      <div class="bench-form">
        <label class="grow">
          {words.text}
          <input
            type="text"
            value={text}
            spellcheck={false}
            onInput={({ currentTarget: { value } }) => restart(() => setText(value))}
          />
        </label>
        <div class="with-button">
          <label>
            {words.key}
            <input
              type="text"
              class="code"
              size={9}
              value={key}
              spellcheck={false}
              aria-invalid={!isKey}
              onInput={({ currentTarget: { value } }) => restart(() => setKey(value.trim()))}
            />
          </label>
          <button type="button" onClick={() => restart(() => setKey(wordToHex(drawKey())))}>
            {words.drawKey}
          </button>
        </div>
      </div>
      {!isKey && <p class="fault">{words.keyFault}</p>}
      {isKey && (
        <div class="inspector">
          <div class="step-controls">
            <button type="button" disabled={current < 0} onClick={() => setDone(current)}>
              ← {inspector.back}
            </button>
            <button
              type="button"
              disabled={current >= payload.length - 1}
              onClick={() => setDone(current + 2)}
            >
              {words.nextByte} →
            </button>
            <button type="button" onClick={() => setDone(payload.length)}>
              {words.allBytes}
            </button>
          </div>
          <div class="masking-table large">
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame */}
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to be reached by keys */}
            <div class="wide" role="group" aria-label={words.masking} tabIndex={0}>
              <table>
                <caption>{inspector.masking}</caption>
                <tbody>
                  {row(inspector.character, (i) => characterOf(payload[i]!), always, '')}
                  {row(words.payload, (i) => hexOf(payload[i]!), always, 'field-7')}
                  {row(
                    inspector.keyByte,
                    (i) => `${hexOf(keyBytes[i % 4]!)} (${i % 4})`,
                    (i) => i <= current + 1,
                    'field-6',
                  )}
                  {row(words.maskedPayload, (i) => hexOf(masked(i)), reached, 'field-8')}
                  {row(words.maskedAsText, (i) => characterOf(masked(i)), reached, '')}
                </tbody>
              </table>
            </div>
          </div>
          {current >= 0 && (
            <p class="code xor large" aria-live="polite">
              {bitsOf(payload[current]!)} {words.payload}
              <br />
              {bitsOf(keyBytes[current % 4]!)} {inspector.keyByteOf(current % 4)}
              <br />
              {bitsOf(masked(current))} {words.differs}
            </p>
          )}
        </div>
      )}
    </section>
  )
}
