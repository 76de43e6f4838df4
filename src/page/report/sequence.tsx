import { useMemo, useState } from 'preact/hooks'
import { Opcode } from '../../base/events.ts'
import type { Side } from '../../base/stream.ts'
import type { ReportConnection } from '../../report/page-data.ts'
import { shownText } from '../captured-text.ts'
import { useWords } from '../words.tsx'
import { bytesText, countText, durationText, secondsText } from './amounts.ts'
import type { ReportCapture } from './capture.ts'
import { closedText } from './closed-text.ts'
import {
  type Content,
  headerOf,
  messageOf,
  opcodeOf,
  previewOf,
  rowsOfMessage,
  sideOf,
} from './frame-content.ts'
import { FrameSaying } from './frame-saying.tsx'
import { findingsOf } from './inspected.ts'
import { useNavigation } from './place.ts'
import { type GroupRow, type SequenceRow, sequenceRows } from './sequence-rows.ts'
import { useVirtualRows } from './virtual-rows.ts'

/** Pixels, as in report.css. */
const ROW_HEIGHT = 46
/** Rows of a diagram that is shown as a whole: without a box that scrolls. */
const WHOLE = 60

/** Client and server as lifelines, and between them what they sent, in order. */
export function Sequence(props: {
  readonly capture: ReportCapture
  readonly connection: ReportConnection
  readonly rows: Uint32Array
  readonly start: number
}) {
  const { report: words, names } = useWords()
  const { capture, connection, rows, start } = props
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const all = useMemo(
    () => sequenceRows(capture, connection, rows, opened),
    [capture, connection, rows, opened],
  )
  const list = useVirtualRows<HTMLOListElement>(all.length, ROW_HEIGHT)
  const isWhole = all.length <= WHOLE
  const from = isWhole ? 0 : list.start
  const to = isWhole ? all.length : list.end
  const toggle = (first: number): void => {
    const next = new Set(opened)
    if (!next.delete(first)) next.add(first)
    setOpened(next)
  }
  return (
    <section class="sequence" aria-labelledby="sequence-title">
      <h3 id="sequence-title">{words.views.sequence}</h3>
      <p class="note">{words.aboutSequence(countText(rows.length))}</p>
      <div class="lifelines" aria-hidden="true">
        <span />
        <span class="side-client">
          {names.client}
          <br />
          <small class="mono">
            {connection.client.address}:{connection.client.port}
          </small>
        </span>
        <span class="side-server">
          {names.server}
          <br />
          <small class="mono">
            {connection.server.address}:{connection.server.port}
          </small>
        </span>
      </div>
      <ol
        class={isWhole ? 'whole' : ''}
        ref={list.box}
        onScroll={list.onScroll}
        tabIndex={isWhole ? undefined : 0}
        aria-label={words.views.sequence}
      >
        {!isWhole && list.above > 0 && (
          <li aria-hidden="true" role="none" style={{ height: `${list.above}px` }} />
        )}
        {all.slice(from, to).map((row, i) => (
          <li
            key={keyOf(row)}
            class={`sequence-row row-${row.kind}`}
            aria-posinset={from + i + 1}
            aria-setsize={all.length}
          >
            <RowContent capture={capture} connection={connection} row={row} start={start} onToggle={toggle} />
          </li>
        ))}
        {!isWhole && list.below > 0 && (
          <li aria-hidden="true" role="none" style={{ height: `${list.below}px` }} />
        )}
      </ol>
      {list.notPrinted > 0 && <p class="not-printed">{words.notPrinted(countText(list.notPrinted))}</p>}
    </section>
  )
}

function keyOf(row: SequenceRow): string {
  switch (row.kind) {
    case 'head':
      return `head ${row.from}`
    case 'frame':
      return `frame ${row.row}`
    case 'finding':
      return `finding ${row.finding.code} ${JSON.stringify(row.finding.values)}`
    case 'pause':
      return row.key
    case 'group':
      return `group ${row.first}`
    case 'end':
      return 'end'
  }
}

interface RowProps {
  readonly capture: ReportCapture
  readonly connection: ReportConnection
  readonly start: number
}

function RowContent(
  props: RowProps & { readonly row: SequenceRow; readonly onToggle: (first: number) => void },
) {
  const catalogue = useWords()
  const { report: words, findings: sentences } = catalogue
  const { go } = useNavigation()
  const { capture, connection, row, start, onToggle } = props
  switch (row.kind) {
    case 'head': {
      const head = row.from === 'client' ? connection.handshake.request : connection.handshake.response
      return (
        <Arrow
          time=""
          from={row.from}
          look="heavy"
          label={shownText(head?.startLine ?? '')}
          onClick={() => go({ view: 'handshake' })}
        />
      )
    }
    case 'frame':
      return <FrameArrow capture={capture} row={row.row} start={start} />
    case 'group':
      return <GroupArrows capture={capture} group={row} start={start} onToggle={onToggle} />
    case 'pause':
      return <p class="between">⋮ {words.pause(durationText(row.nanoseconds))}</p>
    case 'finding':
      return (
        <p class="between finding-mark">
          ⚠ <strong>{row.finding.code}</strong> {sentences.rules[row.finding.code]}
        </p>
      )
    case 'end':
      return (
        <p class="between">
          <strong>■ {closedText(connection.closed, catalogue)}</strong>{' '}
          {secondsText((connection.endTime ?? Number.NaN) - start)} s
        </p>
      )
  }
}

function FrameArrow({
  capture,
  row,
  start,
}: {
  readonly capture: ReportCapture
  readonly row: number
  readonly start: number
}) {
  const { report: words, names } = useWords()
  const { go } = useNavigation()
  const { frames } = capture
  const opcode = opcodeOf(capture, row)
  const { fin } = headerOf(capture, row)
  const message = messageOf(capture, row)
  const isFragment = opcode < Opcode.close && (opcode === Opcode.continuation || !fin)
  const content = previewOf(capture, row)
  const findings = findingsOf(capture, row)
  const part =
    isFragment && message !== undefined && capture.messages.frameCount[message]! <= 100
      ? ` ${words.part(rowsOfMessage(capture, message).indexOf(row) + 1, capture.messages.frameCount[message]!)}`
      : ''
  const look =
    opcode === Opcode.close ? 'close' : opcode > Opcode.close ? 'light' : isFragment ? 'dashed' : 'plain'
  return (
    <Arrow
      time={secondsText(frames.time[row]! - start)}
      from={sideOf(capture, row)}
      look={look}
      label={`${frames.frame[row]} ${names.opcode(opcode)}${part}`}
      content={part === '' ? content : { ...content, isPart: false }}
      mark={findings.map(({ code }) => code).join(', ')}
      onClick={() => go({ view: 'frames', frame: frames.frame[row]!, field: undefined, step: undefined })}
    />
  )
}

function GroupArrows(props: {
  readonly capture: ReportCapture
  readonly group: GroupRow
  readonly start: number
  readonly onToggle: (first: number) => void
}) {
  const { report: words } = useWords()
  const { capture, group, start, onToggle } = props
  const { frames } = capture
  const { first, last, client, server, isOpen } = group
  const sides = [
    ['client', client],
    ['server', server],
  ] as const
  return (
    <>
      <span class="time">{secondsText(frames.time[first]! - start)}</span>
      <button type="button" class="arrows prints" aria-expanded={isOpen} onClick={() => onToggle(first)}>
        <span class="label">
          {isOpen ? '▾' : '▸'} {words.frameRange(frames.frame[first]!, frames.frame[last]!)}
        </span>
        {sides.map(
          ([side, totals]) =>
            totals.frames > 0 && (
              <span key={side} class={`arrow group-arrow ${side} side-${side}`}>
                <span>{words.times(countText(totals.frames), bytesText(totals.bytes))}</span>
              </span>
            ),
        )}
      </button>
    </>
  )
}

function Arrow(props: {
  readonly time: string
  readonly from: Side
  readonly look: 'plain' | 'light' | 'dashed' | 'heavy' | 'close'
  readonly label: string
  readonly content?: Content
  readonly mark?: string
  readonly onClick: () => void
}) {
  const { names } = useWords()
  const { time, from, look, label, content, mark, onClick } = props
  return (
    <>
      <span class="time">{time}</span>
      <button type="button" class="arrows prints" onClick={onClick}>
        <span class="label">
          {mark !== undefined && mark !== '' && <strong class="finding-mark">⚠ {mark} </strong>}
          <span class="hidden-label">{names[from]}: </span>
          {label}{' '}
          {content !== undefined && (
            <span class="note">
              <FrameSaying content={content} />
            </span>
          )}
        </span>
        <span class={`arrow ${look} ${from} side-${from}`} aria-hidden="true" />
      </button>
    </>
  )
}
