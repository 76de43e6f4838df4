// The handshake: each header explained, and the answer to the key worked out before the reader's eyes.
import { useEffect, useState } from 'preact/hooks'
import { toHex, toLatin1 } from '../../../bytes.ts'
import type { chapters } from '../../../language/en/chapters.ts'
import { useWords } from '../../words.tsx'
import { acceptHash, GUID, requestLines, responseLines } from '../handshake.ts'
import type { Material } from '../material.ts'

/** RFC 6455 §1.3. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

type HeaderName = keyof (typeof chapters)['handshake']['headers']

/** The handshake of the class's capture, or that of RFC 6455. */
export function HandshakeBench({ material }: { readonly material: Material }) {
  const { chapters } = useWords()
  const words = chapters.handshake
  const captured = material.capture?.handshake
  const request = captured?.request ?? requestLines(KEY)
  const response = captured?.response ?? responseLines('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  const sentKey = headerValue(request, 'sec-websocket-key') ?? ''
  const sentAccept = headerValue(response, 'sec-websocket-accept') ?? ''
  const [key, setKey] = useState(sentKey)
  const [hash, setHash] = useState<Uint8Array | undefined>(undefined)
  useEffect(() => {
    let isWanted = true
    acceptHash(key).then((made) => {
      if (isWanted) setHash(made)
    })
    return () => {
      isWanted = false
    }
  }, [key])
  const accept = hash === undefined ? '' : btoa(toLatin1(hash))
  return (
    <section class="bench" id="handshake-bench">
      <div class="two-columns">
        <Head name={words.request} lines={request} />
        <Head name={words.response} lines={response} />
      </div>
      <h2>{words.accept}</h2>
      <div class="bench-form">
        <label class="grow">
          {words.key}
          <input
            type="text"
            class="code"
            value={key}
            spellcheck={false}
            onInput={({ currentTarget }) => setKey(currentTarget.value.trim())}
          />
        </label>
      </div>
      <dl class="derivation" aria-live="polite">
        <dt>{words.joined}</dt>
        <dd class="code">
          {key}
          <span class="guid">{GUID}</span>
        </dd>
        <dt>{words.hash}</dt>
        <dd class="code">{hash !== undefined && toHex(hash, ' ')}</dd>
        <dt>{words.inBase64}</dt>
        <dd class="code accept">{accept}</dd>
      </dl>
      {hash !== undefined && (
        <p class={`large outcome ${accept === sentAccept ? 'right' : 'wrong'}`}>
          {accept === sentAccept ? `✓ ${words.right}` : `✗ ${words.wrong}`}
        </p>
      )}
    </section>
  )
}

function Head({ name, lines }: { readonly name: string; readonly lines: readonly string[] }) {
  const { chapters } = useWords()
  return (
    <section>
      <h2>{name}</h2>
      <dl class="head">
        {lines.map((line) => {
          const meaning = chapters.handshake.headers[line.split(':')[0]!.toLowerCase() as HeaderName]
          return (
            <div key={line}>
              <dt class="code">{line}</dt>
              {meaning !== undefined && <dd>{meaning}</dd>}
            </div>
          )
        })}
      </dl>
    </section>
  )
}

function headerValue(lines: readonly string[], name: string): string | undefined {
  const line = lines.find((each) => each.toLowerCase().startsWith(`${name}:`))
  return line?.slice(name.length + 1).trim()
}
