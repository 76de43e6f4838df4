import { useEffect, useRef, useState } from 'preact/hooks'
import type { Extension } from '../../base/events.ts'
import type { ReportConnection } from '../../report/page-data.ts'
import { shownText } from '../captured-text.ts'
import { useWords } from '../words.tsx'
import { bytesText, countText, durationText } from './amounts.ts'
import type { ReportCapture } from './capture.ts'
import { closedText } from './closed-text.ts'
import { useNavigation } from './place.ts'
import { MOST_PRINTED, usePrinting } from './printing.ts'

/** Rows of connections that are shown before the reader asks for more. */
const SHOWN = 50

type Column =
  | 'number'
  | 'url'
  | 'endpoints'
  | 'extensions'
  | 'duration'
  | 'messages'
  | 'bytes'
  | 'ratio'
  | 'ping'
  | 'closed'
  | 'findings'

/** What each column is sorted by. */
const SORTED_BY: Readonly<Record<Column, (connection: ReportConnection) => number | string>> = {
  number: ({ connection }) => connection,
  url: ({ url }) => url ?? '',
  endpoints: ({ client }) => `${client.address} ${client.port}`,
  extensions: ({ extensions }) => extensionsText(extensions),
  duration: (connection) => durationOf(connection) ?? -1,
  messages: ({ sent }) => sent.client.messages + sent.server.messages,
  bytes: ({ sent }) => sent.client.bytes + sent.server.bytes,
  ratio: (connection) => ratioOf(connection) ?? Infinity,
  ping: ({ pings }) => pings.client.mean ?? pings.server.mean ?? Infinity,
  closed: ({ closed }) => `${closed.how} ${closed.code}`,
  findings: ({ findings }) => -findings,
}

const NUMBERS: readonly Column[] = ['number', 'duration', 'messages', 'bytes', 'ratio', 'ping', 'findings']

/** The connections of the capture: who, how much, how it ended. */
export function Overview({ capture }: { readonly capture: ReportCapture }) {
  const { report: words } = useWords()
  const { place, go } = useNavigation()
  const [sort, setSort] = useState<{ readonly by: Column; readonly isDown: boolean }>({
    by: 'number',
    isDown: false,
  })
  const isPrinting = usePrinting()
  const [asked, setAsked] = useState(SHOWN)
  const shown = isPrinting ? MOST_PRINTED : asked
  const connections = [...capture.connections.values()]
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const row = box.current?.querySelector<HTMLElement>('tr[aria-current]')
    if (row != null) revealIn(box.current!, row)
  }, [place.connection])
  const sorted = connections.sort((a, b) => {
    const [one, two] = [SORTED_BY[sort.by](a), SORTED_BY[sort.by](b)]
    const order = one < two ? -1 : one > two ? 1 : a.connection - b.connection
    return sort.isDown ? -order : order
  })
  return (
    <section class="overview">
      <h2 id="overview-title">{words.connections}</h2>
      {connections.length === 0 ? (
        <p>{capture.data.leftOut.connections > 0 ? words.noConnectionsKept : words.noConnections}</p>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to be reached by keys
        <div class="table-box" ref={box} role="group" tabIndex={0} aria-labelledby="overview-title">
          <table>
            <thead>
              <tr>
                {(Object.keys(SORTED_BY) as Column[]).map((column) => (
                  <th
                    key={column}
                    scope="col"
                    class={NUMBERS.includes(column) ? 'number' : ''}
                    aria-sort={sort.by !== column ? undefined : sort.isDown ? 'descending' : 'ascending'}
                  >
                    <button
                      type="button"
                      class="prints"
                      onClick={() => setSort({ by: column, isDown: sort.by === column && !sort.isDown })}
                    >
                      {words.columns[column]}
                      <span aria-hidden="true">{sort.by !== column ? '' : sort.isDown ? ' ▼' : ' ▲'}</span>
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {sorted.slice(0, shown).map((connection) => (
                <ConnectionRow
                  key={connection.connection}
                  connection={connection}
                  isChosen={connection.connection === place.connection}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isPrinting && sorted.length > shown && (
        <p class="not-printed">{words.connectionsNotPrinted(countText(sorted.length - shown))}</p>
      )}
      <p class="screen-only">
        {sorted.length > shown && (
          <button type="button" onClick={() => setAsked(asked + 10 * SHOWN)}>
            {words.moreConnections(countText(sorted.length - shown))}
          </button>
        )}{' '}
        {connections.length > 1 && (
          <button
            type="button"
            aria-pressed={place.connection === undefined}
            onClick={() => go({ connection: undefined, frame: undefined, field: undefined, step: undefined })}
          >
            {words.allConnections}
          </button>
        )}
      </p>
    </section>
  )
}

function ConnectionRow(props: { readonly connection: ReportConnection; readonly isChosen: boolean }) {
  const catalogue = useWords()
  const { report: words, names } = catalogue
  const { go } = useNavigation()
  const { connection, isChosen } = props
  const { sent, pings, closed, client, server, url } = connection
  const duration = durationOf(connection)
  const ratio = ratioOf(connection)
  const bothWays = (client: string, server: string) => (
    <>
      <span class="side-client" title={names.client}>
        → {client}
      </span>
      <br />
      <span class="side-server" title={names.server}>
        ← {server}
      </span>
    </>
  )
  return (
    <tr class={isChosen ? 'chosen' : ''} aria-current={isChosen ? 'true' : undefined}>
      <td class="number">{connection.connection}</td>
      <td class="url">
        <button
          type="button"
          class="link prints"
          onClick={() =>
            go({ connection: connection.connection, frame: undefined, field: undefined, step: undefined })
          }
        >
          <bdi>{url === null ? words.unknownUrl : shownText(url)}</bdi>
        </button>
        {connection.subprotocol !== null && (
          <>
            <br />
            <small>{words.subprotocol(shownText(connection.subprotocol))}</small>
          </>
        )}
      </td>
      <td class="mono">
        <span class="side-client">
          {client.address}:{client.port}
        </span>
        <br />
        <span class="side-server">
          {server.address}:{server.port}
        </span>
      </td>
      <td>{shownText(extensionsText(connection.extensions)) || words.none}</td>
      <td class="number">{duration === undefined ? '' : durationText(duration)}</td>
      <td class="number">{bothWays(countText(sent.client.messages), countText(sent.server.messages))}</td>
      <td class="number">{bothWays(bytesText(sent.client.bytes), bytesText(sent.server.bytes))}</td>
      <td class="number">{ratio === undefined ? '' : `${Math.round(ratio * 100)} %`}</td>
      <td class="number">
        {pings.client.sent + pings.server.sent === 0
          ? ''
          : bothWays(pingText(pings.client, words.unanswered), pingText(pings.server, words.unanswered))}
      </td>
      <td>{closedText(closed, catalogue)}</td>
      <td class="number">{connection.findings > 0 ? <strong>⚠ {connection.findings}</strong> : 0}</td>
    </tr>
  )
}

/** Scrolls only the box, as far as needed to show the row below the head, which stays where it is. */
function revealIn(box: HTMLElement, row: HTMLElement): void {
  const head = box.querySelector('thead')!.offsetHeight
  const { offsetTop, offsetHeight } = row
  if (offsetTop - head < box.scrollTop) box.scrollTop = offsetTop - head
  else box.scrollTop = Math.max(box.scrollTop, offsetTop + offsetHeight - box.clientHeight)
}

function pingText({ sent, mean }: ReportConnection['pings']['client'], unanswered: string): string {
  if (sent === 0) return '–'
  return mean === null ? unanswered : durationText(mean)
}

function durationOf({ startTime, endTime }: ReportConnection): number | undefined {
  return startTime === null || endTime === null ? undefined : endTime - startTime
}

/** The ratio of bytes on the wire to inflated bytes, of the compressed messages; undefined if there were none. */
function ratioOf({ sent: { client, server } }: ReportConnection): number | undefined {
  const inflated = client.inflatedBytes + server.inflatedBytes
  return inflated === 0 ? undefined : (client.compressedBytes + server.compressedBytes) / inflated
}

function extensionsText(extensions: readonly Extension[]): string {
  return extensions
    .map(({ name, params }) =>
      [name, ...params.map(([key, value]) => (value === null ? key : `${key}=${value}`))].join('; '),
    )
    .join(', ')
}
