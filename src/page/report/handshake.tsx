import { useEffect, useState } from 'preact/hooks'
import { toHex } from '../../bytes.ts'
import type { ReportConnection } from '../../page-data.ts'
import type { HeadRecord } from '../../records.ts'
import type { Side } from '../../stream.ts'
import { useWords } from '../words.tsx'
import { type AcceptSteps, acceptSteps, GUID } from './accept.ts'
import { packetsText } from './amounts.ts'
import { shownLine } from './shown-text.ts'

/** Request and response, each header explained, and how the one proves that the other was read. */
export function Handshake({ connection }: { readonly connection: ReportConnection }) {
  const { report: words } = useWords()
  const { request, response } = connection.handshake
  const key = headerOf(request, 'sec-websocket-key')
  return (
    <section class="handshake" aria-labelledby="handshake-title">
      <h3 id="handshake-title">{words.views.handshake}</h3>
      <div class="heads">
        <HeadTable head={request} from="client" />
        <HeadTable head={response} from="server" />
      </div>
      {connection.http2Stream !== undefined ? (
        <p>{words.http2Handshake}</p>
      ) : (
        key !== undefined && (
          <AcceptProof
            key={connection.connection}
            sentKey={key}
            sentAccept={headerOf(response, 'sec-websocket-accept')}
          />
        )
      )}
    </section>
  )
}

function HeadTable({ head, from }: { readonly head: HeadRecord | null; readonly from: Side }) {
  const { report: words, names } = useWords()
  const title = from === 'client' ? words.request : words.response
  if (head === null)
    return (
      <div class={`head ${from}`}>
        <h4>{title}</h4>
        <p class="note">{words.headMissing}</p>
      </div>
    )
  return (
    <div class={`head ${from}`}>
      <h4>
        {title}{' '}
        <small>
          <span class={`side-${from}`}>{from === 'client' ? `${names.client} →` : `← ${names.server}`}</span>,{' '}
          {words.packetNumbers(packetsText(head.packet.first, head.packet.last))}
        </small>
      </h4>
      <p class="mono start-line">
        <bdi>{shownLine(head.startLine)}</bdi>
      </p>
      <dl>
        {head.headers.map(([name, value], i) => {
          const explained = words.headers[name.toLowerCase() as keyof typeof words.headers]
          return (
            <div key={`${name} ${i}`}>
              <dt class="mono">{shownLine(name)}</dt>
              <dd>
                <span class="mono">
                  <bdi>{shownLine(value)}</bdi>
                </span>
                <div class="note">{explained ?? words.otherHeader}</div>
              </dd>
            </div>
          )
        })}
      </dl>
    </div>
  )
}

/** The computation of Sec-WebSocket-Accept, with a key that can be changed. */
function AcceptProof(props: { readonly sentKey: string; readonly sentAccept: string | undefined }) {
  const { report: words } = useWords()
  const { sentKey, sentAccept } = props
  const [key, setKey] = useState(sentKey)
  const [steps, setSteps] = useState<AcceptSteps | undefined>(undefined)
  useEffect(() => {
    let isStale = false
    acceptSteps(key).then((done) => {
      if (!isStale) setSteps(done)
    })
    return () => {
      isStale = true
    }
  }, [key])
  const isRight = steps?.accept === sentAccept
  return (
    <section class="accept-proof" aria-labelledby="accept-title">
      <h4 id="accept-title">
        {words.acceptTitle} <small>RFC 6455 §4.2.2</small>
      </h4>
      <p>{words.acceptWhy}</p>
      <ol>
        <li>
          <label>
            {words.acceptKey}{' '}
            <input
              type="text"
              class="mono"
              size={26}
              spellcheck={false}
              value={key}
              onInput={({ currentTarget }) => setKey(currentTarget.value)}
            />
          </label>{' '}
          <button type="button" disabled={key === sentKey} onClick={() => setKey(sentKey)}>
            {words.acceptReset}
          </button>
        </li>
        <li>
          {words.acceptJoin}
          <span class="mono accept-value">
            <bdi>{shownLine(key)}</bdi>
            <mark>{GUID}</mark>
          </span>
        </li>
        <li>
          {words.acceptHash}
          <span class="mono accept-value">{steps && toHex(steps.digest, ' ')}</span>
        </li>
        <li>
          {words.acceptEncode}
          <span class="mono accept-value">{steps?.accept}</span>
        </li>
        <li>
          {words.acceptSent}
          <span class="mono accept-value">
            <bdi>{sentAccept === undefined ? words.none : shownLine(sentAccept)}</bdi>
          </span>
          <strong class={isRight ? 'right' : 'wrong'} role="status">
            {isRight ? `✓ ${words.acceptRight}` : `✗ ${words.acceptWrong}`}
          </strong>
        </li>
      </ol>
    </section>
  )
}

function headerOf(head: HeadRecord | null, name: string): string | undefined {
  return head?.headers.find(([each]) => each.toLowerCase() === name)?.[1]
}
