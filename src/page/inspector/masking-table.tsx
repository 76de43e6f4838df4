// The payload under its mask, byte under byte: as on the wire, the byte of the key whose turn it is, their XOR, its character.
import { useWords } from '../words.tsx'
import { characterOf, hexOf } from './byte-text.ts'
import { useByteWindow, WindowControls } from './byte-window.tsx'
import { NARROW, useMedia } from './media.ts'
import {
  isCompressed,
  isMissing,
  keyBytes,
  payloadSpot,
  type ReadFrame,
  unmaskedPayload,
} from './read-frame.ts'
import { standsFor, useSpotClass } from './spot.ts'

/** The table for a masked frame with a payload. */
export function MaskingTable({ read }: { readonly read: ReadFrame }) {
  const { inspector: words } = useWords()
  const columns = useMedia(NARROW) ? 8 : 16
  const shown = useByteWindow(read.payloadLength, columns, read.payloadAt * 8)
  const spotClass = useSpotClass()
  const key = keyBytes(read)!
  const plain = unmaskedPayload(read, shown.start, shown.end)
  const indices = Array.from({ length: shown.end - shown.start }, (_, i) => shown.start + i)
  const keySpot = (i: number) => {
    const start = (read.payloadAt - 4 + (i % 4)) * 8
    return { start, end: start + 8 }
  }
  const missing = (i: number) => isMissing(read.frame, read.payloadAt + i)
  const compressed = isCompressed(read)
  const payloadCell = (i: number, text: string, look = '') => {
    const spot = payloadSpot(read, i)
    return (
      <td key={i} {...standsFor(spot)} class={spotClass(spot, 'code', look)}>
        {missing(i) ? '··' : text}
      </td>
    )
  }
  return (
    <div class="masking-table">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to be reached by keys */}
      <div class="wide" role="group" aria-label={words.masking} tabIndex={0}>
        <table>
          <caption>{words.masking}</caption>
          <thead>
            <tr>
              <th scope="row">{words.byteNumber}</th>
              {indices.map((i) => (
                <th
                  key={i}
                  scope="col"
                  {...standsFor(payloadSpot(read, i))}
                  class={spotClass(payloadSpot(read, i))}
                >
                  {i}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr class="field-7">
              <th scope="row">{words.maskedByte}</th>
              {indices.map((i) => payloadCell(i, hexOf(read.frame.bytes[read.payloadAt + i]!)))}
            </tr>
            <tr class="field-6">
              <th scope="row">{words.keyByte}</th>
              {indices.map((i) => (
                <td key={i} {...standsFor(keySpot(i))} class={spotClass(keySpot(i), 'code')}>
                  {hexOf(key[i % 4]!)}
                  <sub>{i % 4}</sub>
                </td>
              ))}
            </tr>
            <tr class="field-7">
              <th scope="row">{words.xorByte}</th>
              {indices.map((i) => payloadCell(i, hexOf(plain[i - shown.start]!)))}
            </tr>
            <tr>
              <th scope="row">
                {words.character}
                {compressed && (
                  <>
                    <br />
                    <small>{words.notTextYet}</small>
                  </>
                )}
              </th>
              {indices.map((i) =>
                payloadCell(i, characterOf(plain[i - shown.start]!), compressed ? 'not-text' : ''),
              )}
            </tr>
          </tbody>
        </table>
      </div>
      <WindowControls shown={shown} label={words.masking} />
    </div>
  )
}
