// What an hour of polling costs, and an hour of WebSocket: the numbers are worked out from what is in the fields.
import { useState } from 'preact/hooks'
import { useLanguage, useWords } from '../../words.tsx'

const REQUEST = [
  'GET /messages?since=1024 HTTP/1.1',
  'Host: example.com',
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
  'Accept: application/json',
  'Accept-Language: en-US,en;q=0.5',
  'Accept-Encoding: gzip, deflate',
  'Cookie: session=3f1c9a5de07b4bb08f6d2e0b1a7c55d4',
  'Connection: keep-alive',
].join('\n')
const RESPONSE = [
  'HTTP/1.1 200 OK',
  'Date: Mon, 23 Nov 2026 01:39:37 GMT',
  'Content-Type: application/json',
  'Content-Length: 2',
  'Cache-Control: no-store',
  'Connection: keep-alive',
].join('\n')

/** Of the handshake: about what browsers and servers send. */
const HANDSHAKE = 650
/** With its masking key, and without. */
const HEADERS = { client: 6, server: 2 }

const encoder = new TextEncoder()

/** Bytes of a head whose lines end in CR LF, and of the empty line after it. */
const headLength = (text: string): number =>
  encoder.encode(text.trim().replaceAll(/\r?\n/g, '\r\n')).length + 4

/** The comparison. */
export function PollingTable() {
  const { polling: words } = useWords().chapters
  const { language } = useLanguage()
  const [request, setRequest] = useState(REQUEST)
  const [response, setResponse] = useState(RESPONSE)
  const [interval, setInterval] = useState(1)
  const [messages, setMessages] = useState(60)
  const [size, setSize] = useState(40)
  const [clients, setClients] = useState(100)
  const [roundTrip, setRoundTrip] = useState(40)

  const polls = Math.round((3600 / interval) * clients)
  const pollHeaders = polls * (headLength(request) + headLength(response))
  const extended = size > 65_535 ? 8 : size > 125 ? 2 : 0
  const frameHeaders = HANDSHAKE * clients + messages * clients * (HEADERS.server + extended)
  const payload = messages * clients * size
  const count = (value: number): string => Math.round(value).toLocaleString(language)
  const field = (name: string, value: number, set: (value: number) => void, least: number) => (
    <label>
      {name}
      <input
        type="number"
        min={least}
        step="any"
        value={value}
        onInput={({ currentTarget }) => set(Math.max(least, currentTarget.valueAsNumber || least))}
      />
    </label>
  )
  const head = (name: string, value: string, set: (value: string) => void) => (
    <label class="grow">
      {name} ({headLength(value)})
      <textarea
        class="code"
        rows={5}
        value={value}
        spellcheck={false}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
    </label>
  )
  const rows: readonly (readonly [string, string, string])[] = [
    [words.exchanges, count(polls), count(clients)],
    [words.connections, count(polls), count(clients)],
    [words.headers, count(pollHeaders), count(frameHeaders)],
    [words.payload, count(payload), count(payload)],
    [
      words.wait,
      words.milliseconds(Math.round(interval * 500 + roundTrip / 2)),
      words.milliseconds(Math.round(roundTrip / 2)),
    ],
  ]
  return (
    <section class="bench" id="polling-table">
      <div class="bench-form">
        {field(words.interval, interval, setInterval, 0.1)}
        {field(words.messages, messages, setMessages, 1)}
        {field(words.size, size, setSize, 1)}
        {field(words.clients, clients, setClients, 1)}
        {field(words.roundTrip, roundTrip, setRoundTrip, 0)}
        {head(words.requestHead, request, setRequest)}
        {head(words.responseHead, response, setResponse)}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to be reached by keys */}
      <div class="wide" role="group" aria-label={words.table} tabIndex={0}>
        <table class="comparison">
          <caption>{words.table}</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">{words.polling}</th>
              <th scope="col">{words.webSocket}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...values]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {values.map((value, i) => (
                  <td key={i}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">{words.handshakeCounts(HANDSHAKE)}</p>
      <p class="large" aria-live="polite">
        {words.ratio(Math.round((pollHeaders / frameHeaders) * 10) / 10)}
      </p>
    </section>
  )
}
