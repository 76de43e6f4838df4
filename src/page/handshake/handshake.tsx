// The handshake of a connection: both heads in full, each header explained, and how the server's answer comes from the client's
// key.
import { isCut, type OpenedConnection, type ReportHead } from '../../report/page-data.ts'
import { useWords } from '../words.tsx'
import { AcceptComputation } from './accept-computation.tsx'
import { ExtensionList } from './extension-list.tsx'
import { HeadView } from './head-view.tsx'
import { REQUIRED_OF_REQUEST, REQUIRED_OF_RESPONSE, requestHeader, responseHeader } from './known-headers.ts'
import './handshake.css'

const EXTENSIONS = 'sec-websocket-extensions'
const KEY = 'sec-websocket-key'
const ACCEPT = 'sec-websocket-accept'

/** The handshake over HTTP/1.1 or HTTP/2; only the first computes an Accept (RFC 6455 §4.2.2). */
export function Handshake(props: {
  readonly connection: Pick<OpenedConnection, 'connection' | 'transport' | 'handshake'>
}) {
  const { handshake: words } = useWords()
  const { connection } = props
  const { request, response } = connection.handshake
  const http = connection.transport.startsWith('h2') ? 'http2' : 'http1'
  const status = response?.startLine.split(' ')[1] ?? ''
  const accepts = http === 'http1' ? status === '101' : status.startsWith('2')
  return (
    <section class="handshake" aria-label={words.title}>
      <p class="about">
        {words.about} {http === 'http2' && words.aboutHttp2}
      </p>
      <div class="heads">
        <section class="head client">
          <h3>{words.request}</h3>
          {request === null ? (
            <p class="note">{words.noRequest}</p>
          ) : (
            <>
              <HeadView
                head={request}
                aboutStartLine={http === 'http2' ? words.aboutRequestLineHttp2 : words.aboutRequestLine}
                known={(name) => requestHeader(words, name)}
                required={REQUIRED_OF_REQUEST[http]}
              />
              {isAtHand(request, EXTENSIONS) && (
                <ExtensionList
                  title={words.offered}
                  values={valuesOf(request, EXTENSIONS)}
                  none={words.noneOffered}
                />
              )}
            </>
          )}
        </section>
        <section class="head server">
          <h3>{words.response}</h3>
          {response === null ? (
            <p class="note">{words.noResponse}</p>
          ) : (
            <>
              <HeadView
                head={response}
                aboutStartLine={words.aboutResponseLine(status)}
                known={(name) => responseHeader(words, name)}
                required={accepts ? REQUIRED_OF_RESPONSE[http] : []}
              />
              {accepts && isAtHand(response, EXTENSIONS) && (
                <ExtensionList
                  title={words.accepted}
                  values={valuesOf(response, EXTENSIONS)}
                  none={words.noneAccepted}
                />
              )}
            </>
          )}
        </section>
      </div>
      {http === 'http1' && isAtHand(request, KEY) && isAtHand(response, ACCEPT) && (
        <AcceptComputation
          key={connection.connection}
          captured={request === null ? undefined : valuesOf(request, KEY)[0]}
          sent={response === null ? null : valuesOf(response, ACCEPT)[0]}
        />
      )}
    </section>
  )
}

/** The values of all lines with that name (in lower case). */
function valuesOf(head: ReportHead, name: string): string[] {
  return head.headers.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value)
}

/** Whether the page has what a head says in the lines with that name, if it was captured: a page may not hold all of it. */
function isAtHand(head: ReportHead | null, name: string): boolean {
  if (head === null) return true
  const values = valuesOf(head, name)
  return !values.some(isCut) && (values.length > 0 || head.headersLeftOut === undefined)
}
