// One head of the handshake: its start line and its headers as they were sent, each with what it is for.
import type { ReportHead } from '../../report/page-data.ts'
import { shownText } from '../captured-text.ts'
import { useWords } from '../words.tsx'
import type { KnownHeader } from './known-headers.ts'

/** `required`: names of the headers that the head must have. */
export function HeadView(props: {
  readonly head: ReportHead
  readonly aboutStartLine: string
  readonly known: (name: string) => KnownHeader | undefined
  readonly required: readonly string[]
}) {
  const { handshake: words } = useWords()
  const { head, known, required } = props
  const { headersLeftOut = 0 } = head
  const names = new Set(head.headers.map(([name]) => name.toLowerCase()))
  const missing = headersLeftOut > 0 ? [] : required.filter((name) => !names.has(name.toLowerCase()))
  return (
    <>
      <p class="note">
        {words.packets(head.packet.first, head.packet.last)}
        {head.time !== null && <> · {head.time}</>}
      </p>
      <dl class="headers">
        <div>
          <dt class="start-line">
            <code class="captured">{shownText(head.startLine)}</code>
          </dt>
          <dd class="header-meaning">{props.aboutStartLine}</dd>
        </div>
        {head.headers.map(([name, value], line) => {
          const header = known(name)
          return (
            <div key={line} class={header === undefined ? 'unknown' : ''}>
              <dt>
                <code class="captured">{shownText(name)}</code>
              </dt>
              <dd class="header-value">
                <code class="captured">{value === '' ? words.emptyValue : shownText(value)}</code>
              </dd>
              <dd class="header-meaning">
                {header?.explanation ?? words.unknownHeader}{' '}
                {header !== undefined && <cite>{header.reference}</cite>}
              </dd>
            </div>
          )
        })}
      </dl>
      {headersLeftOut > 0 && <p class="left-out">{words.headersLeftOut(headersLeftOut)}</p>}
      {missing.length > 0 && (
        <p class="required-missing">
          <strong aria-hidden="true">✗</strong> {words.requiredMissing(missing.join(', '))}
        </p>
      )}
    </>
  )
}
