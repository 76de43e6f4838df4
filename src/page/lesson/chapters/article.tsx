// The article's two frames: the one that it decoded half-way, and the answer that has lost a byte.
import { useMemo, useState } from 'preact/hooks'
import { readHex } from '../../../pasted/pasted.ts'
import { shownText } from '../../captured-text.ts'
import { FindingSentence } from '../../findings/finding-sentence.tsx'
import { hexOf } from '../../inspector/byte-text.ts'
import { useWords } from '../../words.tsx'
import { type DecodedFrame, decode } from '../decode.ts'
import { OneFrame } from '../frames-view.tsx'
import { type Saying, sayingOf, withByte } from '../lost-byte.ts'

const CLIENT = bytesOf('c1 85 43 02 0a cf 71 36 3e cb 43')
const SERVER = bytesOf('c1 18 7a 36 a7 f7 69 d7 c2 a7 33 57 3c 9d 3d e9 ae 29 56 0a 86 86 86 00 00')
const HEADER = 2

interface Found {
  readonly position: number
  readonly value: number
  readonly text: string
}

/** Both frames, and a bench on which the lost byte is found. */
export function ArticleBench() {
  const { chapters } = useWords()
  const words = chapters.article
  const [position, setPosition] = useState(0)
  const [value, setValue] = useState('00')
  const [tried, setTried] = useState<Saying | undefined>(undefined)
  const [found, setFound] = useState<readonly Found[] | undefined>(undefined)
  const [frame, setFrame] = useState(SERVER)
  const client = useMemo(() => decode(CLIENT).frames[0]!, [])
  const server = useMemo(() => decode(frame, { from: 'server' }).frames[0]!, [frame])
  const places = SERVER.length - HEADER + 1
  const byte = /^[0-9a-f]{1,2}$/i.test(value) ? Number.parseInt(value, 16) : undefined
  const tryIt = (event: Event): void => {
    event.preventDefault()
    if (byte === undefined) return
    setTried(sayingOf(SERVER, position, byte))
    setFrame(withByte(SERVER, position, byte))
  }
  return (
    <>
      <section class="bench">
        <h2>{words.client}</h2>
        <OneFrame frame={client} />
      </section>
      <section class="bench" id="repair">
        <h2>{words.server}</h2>
        <OneFrame frame={server} />
        <h2>{words.repair}</h2>
        <p>{words.repairHow}</p>
        <form class="bench-form" onSubmit={tryIt}>
          <label>
            {words.position}
            <input
              type="number"
              min={0}
              max={places - 1}
              value={position}
              onInput={({ currentTarget }) =>
                setPosition(Math.min(places - 1, Math.max(0, currentTarget.valueAsNumber || 0)))
              }
            />
          </label>
          <label>
            {words.value}
            <input
              type="text"
              class="code"
              size={3}
              value={value}
              spellcheck={false}
              aria-invalid={byte === undefined}
              onInput={({ currentTarget }) => setValue(currentTarget.value.trim())}
            />
          </label>
          <button type="submit" class="primary">
            {words.tryIt}
          </button>
          <button type="button" onClick={() => setFound(tryAll(places))}>
            {words.tryAll}
          </button>
        </form>
        <p class="large" aria-live="polite">
          {tried !== undefined &&
            (tried.text !== undefined ? (
              words.says(shownText(tried.text))
            ) : (
              <NoMessage frame={tried.frame} />
            ))}
        </p>
        {found !== undefined && (
          <>
            <p>{words.tried(places * 256, found.length)}</p>
            <ul class="found">
              {found.map(({ position: at, value: put, text }) => (
                <li key={`${at} ${put}`}>{words.found(at, hexOf(put), shownText(text))}</li>
              ))}
            </ul>
          </>
        )}
      </section>
      <details class="missed">
        <summary>{words.missedHeading}</summary>
        <ol>
          {words.missed.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ol>
      </details>
    </>
  )
}

/** Why it says nothing. */
function NoMessage({ frame }: { readonly frame: DecodedFrame | undefined }) {
  const { chapters } = useWords()
  const finding = frame?.findings[0]
  return (
    <>
      {chapters.article.saysNothing} {finding !== undefined && <FindingSentence finding={finding} />}
    </>
  )
}

function tryAll(places: number): Found[] {
  const found: Found[] = []
  for (let position = 0; position < places; position++) {
    for (let value = 0; value < 256; value++) {
      const { text } = sayingOf(SERVER, position, value)
      if (text !== undefined) found.push({ position, value, text })
    }
  }
  return found
}

function bytesOf(hex: string): Uint8Array {
  const pasted = readHex(hex)
  if ('fault' in pasted) throw new TypeError(`no hex: ${hex}`)
  return pasted.bytes
}
