// The handshake of a connection: both heads in full, each header explained, and how the server's answer comes from the client's
// key.
import type { ConnectionRecord, HeadRecord } from '../../records/records.ts'
import { useWords } from '../words.tsx'
import { AcceptComputation } from './accept-computation.tsx'
import { ExtensionList } from './extension-list.tsx'
import { HeadView } from './head-view.tsx'
import { REQUIRED_OF_REQUEST, REQUIRED_OF_RESPONSE, requestHeader, responseHeader } from './known-headers.ts'
import './handshake.css'

const EXTENSIONS = 'sec-websocket-extensions'

/** The handshake over HTTP/1.1 or HTTP/2; only the first computes an Accept (RFC 6455 §4.2.2). */
export function Handshake({ connection }: { readonly connection: Omit<ConnectionRecord, 'type'> }) {
  const { handshake: words } = useWords()
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
              <ExtensionList
                title={words.offered}
                values={valuesOf(request, EXTENSIONS)}
                none={words.noneOffered}
              />
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
              {accepts && (
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
      {http === 'http1' && (
        <AcceptComputation
          key={connection.connection}
          captured={request === null ? undefined : valuesOf(request, 'sec-websocket-key')[0]}
          sent={response === null ? null : valuesOf(response, 'sec-websocket-accept')[0]}
        />
      )}
    </section>
  )
}

/** The values of all lines with that name (in lower case). */
function valuesOf(head: HeadRecord, name: string): string[] {
  return head.headers.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value)
}
