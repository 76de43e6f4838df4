// Shows how the server's answer comes from the client's key (RFC 6455 §4.2.2, step 5.4). The key can be changed.
import { useId, useMemo, useState } from 'preact/hooks'
import { toHex } from '../../base/bytes.ts'
import { shownText } from '../captured-text.ts'
import { useWords } from '../words.tsx'
import { acceptSteps, GUID, keyBytes } from './accept.ts'

/** A key has 24 characters; anything longer is some other text. */
const LONGEST_KEY = 256

/**
 * `captured`: the key of the request, if there is one. `sent`: undefined if the response has none, null if it was not captured.
 */
export function AcceptComputation(props: {
  readonly captured: string | undefined
  readonly sent: string | undefined | null
}) {
  const { handshake: words } = useWords()
  const captured = props.captured?.slice(0, LONGEST_KEY)
  const [key, setKey] = useState(captured ?? '')
  const id = useId()
  const steps = useMemo(() => acceptSteps(key), [key])
  const decoded = useMemo(() => keyBytes(key), [key])
  return (
    <section class="accept-computation">
      <h3>{words.computation}</h3>
      <p class="about">
        {words.aboutComputation} <cite>RFC 6455 §1.3, §4.2.2</cite>
      </p>
      <ol>
        <li>
          <label for={id}>{words.key}</label>
          <div class="key-line">
            <input
              id={id}
              class="step-key"
              type="text"
              value={key}
              maxLength={LONGEST_KEY}
              spellcheck={false}
              autocomplete="off"
              autocapitalize="off"
              onInput={({ currentTarget }) => setKey(currentTarget.value)}
            />
            <button
              type="button"
              disabled={captured === undefined || key === captured}
              onClick={() => setKey(captured ?? '')}
            >
              {words.reset}
            </button>
          </div>
          <p class="note">
            {captured === undefined && key === '' ? (
              words.keyUnknown
            ) : decoded === undefined ? (
              words.keyIsNoBase64
            ) : (
              <>
                {words.keyIs(decoded.length)} <code>{toHex(decoded, ' ')}</code>
              </>
            )}
          </p>
        </li>
        <li>
          {words.stepJoin}
          <code class="step-value">
            <span class="part-key">{shownText(key)}</span>
            <wbr />
            <span class="part-guid">{GUID}</span>
          </code>
        </li>
        <li>
          {words.stepBytes(steps.bytes.length)}
          <code class="step-value">
            <span class="part-key">{toHex(steps.bytes, ' ', 0, steps.bytes.length - GUID.length)}</span>{' '}
            <span class="part-guid">{toHex(steps.bytes, ' ', steps.bytes.length - GUID.length)}</span>
          </code>
        </li>
        <li>
          {words.stepHash}
          <code class="step-value step-hash">{toHex(steps.hash, ' ')}</code>
        </li>
        <li>
          {words.stepBase64}
          <code class="step-value step-accept">{steps.accept}</code>
        </li>
        <li>
          {words.stepCompare}
          {typeof props.sent === 'string' && <Compared sent={props.sent} computed={steps.accept} />}
          <output class="verdict" for={id}>
            <Verdict sent={props.sent} computed={steps.accept} />
            {captured !== undefined && key !== captured && <span class="note"> {words.edited}</span>}
          </output>
        </li>
      </ol>
    </section>
  )
}

/** What the server sent, marked from the first character that differs. */
function Compared({ sent, computed }: { readonly sent: string; readonly computed: string }) {
  const same = differsAt(sent, computed)
  const shown = sent.slice(0, LONGEST_KEY)
  return (
    <code class="step-value step-sent captured">
      {shownText(shown.slice(0, same))}
      {same < shown.length && <mark>{shownText(shown.slice(same))}</mark>}
    </code>
  )
}

function Verdict(props: { readonly sent: string | undefined | null; readonly computed: string }) {
  const { handshake: words } = useWords()
  const { sent, computed } = props
  if (sent === null) return <>{words.nothingToCompare}</>
  const equal = sent === computed
  return (
    <span class={equal ? 'equal' : 'different'}>
      <strong aria-hidden="true">{equal ? '✓' : '✗'}</strong>{' '}
      {sent === undefined
        ? words.noAccept
        : equal
          ? words.matches
          : words.differs(differsAt(sent, computed) + 1)}
    </span>
  )
}

/** The index of the first difference between two texts. */
function differsAt(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  return at
}
