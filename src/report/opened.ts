// What a page tells of a connection that was opened: as much as a person reads of it. A head may have 4 MiB, and so may a URL.
import type { ConnectionEvent, Extension, Head, TlsParameters } from '../base/events.ts'
import type { ConnectionRecord, HeadRecord } from '../records/records.ts'
import { toRecord } from '../records/to-record.ts'
import { CUT, HEAD_LIMITS, isCut, type OpenedConnection, type ReportHead } from './page-data.ts'

/** Characters that are kept of a subprotocol, an extension's name, and the like. */
const LONGEST_NAME = 256
/** Characters of the start line that are kept of a head without room. */
const LONGEST_BARE = 64

/** The connection, its texts and its heads cut to what a page shows. `startTime`: in nanoseconds, NaN if unknown. */
export function openedConnection(event: ConnectionEvent, startTime: number): OpenedConnection {
  const { request, response } = event
  // Cut before anything is copied of it.
  const short: ConnectionEvent = {
    ...event,
    url: cutOrNull(event.url, HEAD_LIMITS.text),
    subprotocol: cutOrNull(event.subprotocol, LONGEST_NAME),
    extensions: event.extensions.map(cutExtension),
    tls: event.tls && cutTls(event.tls),
    request: request && cutHead(request),
    response: response && cutHead(response),
  }
  const { type: _, handshake, ...record } = toRecord(short) as ConnectionRecord
  return {
    ...record,
    handshake: {
      request: countLeftOut(handshake.request, request),
      response: countLeftOut(handshake.response, response),
    },
    acceptCorrect: event.acceptCorrect ?? null,
    startTime: Number.isNaN(startTime) ? null : startTime,
  }
}

/** A head for whose headers there is no room. */
export function withoutHeaders({
  packet,
  time,
  startLine,
  headers,
  headersLeftOut = 0,
}: ReportHead): ReportHead {
  return {
    packet,
    time,
    startLine: cut(startLine, LONGEST_BARE),
    headers: [],
    headersLeftOut: headersLeftOut + headers.length,
  }
}

/** Whether anything of the head is missing. */
export function isHeadCut({ startLine, headers, headersLeftOut = 0 }: ReportHead): boolean {
  return (
    headersLeftOut > 0 || isCut(startLine) || headers.some(([name, value]) => isCut(name) || isCut(value))
  )
}

function cutHead(head: Head): Head {
  const headers: [string, string][] = []
  let characters = 0
  for (const [name, value] of head.headers) {
    const line = [cut(name, HEAD_LIMITS.text), cut(value, HEAD_LIMITS.text)] as [string, string]
    characters += line[0].length + line[1].length
    if (headers.length === HEAD_LIMITS.headers || characters > HEAD_LIMITS.characters) break
    headers.push(line)
  }
  return { ...head, startLine: cut(head.startLine, HEAD_LIMITS.text), headers }
}

function countLeftOut(record: HeadRecord | null, whole: Head | null): ReportHead | null {
  if (record === null || whole === null) return null
  const headersLeftOut = whole.headers.length - record.headers.length
  return headersLeftOut === 0 ? record : { ...record, headersLeftOut }
}

function cutExtension({ name, params }: Extension): Extension {
  return {
    name: cut(name, LONGEST_NAME),
    params: params.map(([key, value]) => [cut(key, LONGEST_NAME), cutOrNull(value, LONGEST_NAME)]),
  }
}

function cutTls(tls: TlsParameters): TlsParameters {
  return {
    ...tls,
    serverName: cutOrNull(tls.serverName, LONGEST_NAME),
    alpn: cutOrNull(tls.alpn, LONGEST_NAME),
  }
}

function cutOrNull(text: string | null, longest: number): string | null {
  return text === null ? null : cut(text, longest)
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(0, longest) + CUT
}
