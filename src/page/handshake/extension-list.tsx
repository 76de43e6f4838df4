// The extensions that a head names, and what each of their parameters means: RFC 6455 §9.1, RFC 7692 §7.1.
import type { Extension } from '../../base/events.ts'
import { parseExtensions } from '../../http/extensions.ts'
import { shownText } from '../captured-text.ts'
import { useWords } from '../words.tsx'

const PERMESSAGE_DEFLATE = 'permessage-deflate'

/** Sections of the four parameters. */
const REFERENCES = {
  server_no_context_takeover: 'RFC 7692 §7.1.1.1',
  client_no_context_takeover: 'RFC 7692 §7.1.1.2',
  server_max_window_bits: 'RFC 7692 §7.1.2.1',
  client_max_window_bits: 'RFC 7692 §7.1.2.2',
}

/** `values`: of all lines of the header. `none`: what is shown if there are none. */
export function ExtensionList(props: {
  readonly title: string
  readonly values: readonly string[]
  readonly none: string
}) {
  const { handshake: words } = useWords()
  const { extensions, malformed } = parseExtensions(props.values)
  return (
    <section class="extensions">
      <h4>{props.title}</h4>
      {extensions.length === 0 && malformed === undefined && <p class="note">{props.none}</p>}
      {malformed !== undefined && (
        <p class="required-missing">
          <strong aria-hidden="true">✗</strong> {words.notAnExtension(shownText(malformed))}
        </p>
      )}
      <ol>
        {extensions.map((extension, i) => (
          <li key={i}>
            <ExtensionItem extension={extension} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function ExtensionItem({ extension }: { readonly extension: Extension }) {
  const { handshake: words } = useWords()
  const known = extension.name === PERMESSAGE_DEFLATE
  return (
    <>
      <code class="captured">{shownText(extension.name)}</code>{' '}
      <span class="meaning">
        {known ? words.permessageDeflate : words.unknownExtension} {known && <cite>RFC 7692 §6, §7</cite>}
      </span>
      {known && extension.params.length === 0 && <p class="meaning">{words.noParameters}</p>}
      <dl class="parameters">
        {extension.params.map(([name, value], i) => (
          <div key={i}>
            <dt>
              <code class="captured">{shownText(value === null ? name : `${name}=${value}`)}</code>
            </dt>
            {known && (
              <dd>
                <Parameter name={name} value={value} />
              </dd>
            )}
          </div>
        ))}
      </dl>
    </>
  )
}

function Parameter({ name, value }: { readonly name: string; readonly value: string | null }) {
  const { handshake: words } = useWords()
  if (!isParameter(name)) return <>{words.unknownParameter}</>
  const meaning = words.parameters[name]
  return (
    <>
      {typeof meaning === 'string' ? meaning : meaning(value)} <cite>{REFERENCES[name]}</cite>
    </>
  )
}

function isParameter(name: string): name is keyof typeof REFERENCES {
  return Object.hasOwn(REFERENCES, name)
}
