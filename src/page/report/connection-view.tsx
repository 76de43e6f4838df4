// What is shown of one connection, or of all of them: frames with the filter and the inspector, or one of the other views.
import type { RefObject } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { shownText } from '../captured-text.ts'
import { Handshake } from '../handshake/handshake.tsx'
import { useWords } from '../words.tsx'
import type { ReportCapture } from './capture.ts'
import { FilterBar } from './filter-bar.tsx'
import { FindingCards } from './finding-cards.tsx'
import { opcodeOf } from './frame-content.ts'
import { NO_FILTER, useFilteredRows } from './frame-filter.ts'
import { FrameList } from './frame-list.tsx'
import { FramePanel } from './frame-panel.tsx'
import { hashOf, useNavigation, VIEWS } from './place.ts'
import { Sequence } from './sequence.tsx'
import { TrafficPlot } from './traffic-plot.tsx'

/** `search`: the field that `/` goes to. */
export function ConnectionView(props: {
  readonly capture: ReportCapture
  readonly search: RefObject<HTMLInputElement | null>
}) {
  const { report: words } = useWords()
  const { place, go } = useNavigation()
  const { capture, search } = props
  const { connection: number, view } = place
  const connection = number === undefined ? undefined : capture.connections.get(number)
  const rows = capture.rowsOf(number)
  const [filter, setFilter] = useState(NO_FILTER)
  const found = useFilteredRows(capture, rows, filter)
  const opcodes = useMemo(() => opcodesOf(capture, rows), [capture, rows])
  const start = connection?.startTime ?? firstTime(capture, rows)
  const findings = useMemo(
    () =>
      number === undefined ? capture.findings : capture.findings.filter((each) => each.connection === number),
    [capture, number],
  )
  const inSequence = useMemo(() => inRange(capture, rows, filter.range), [capture, rows, filter.range])
  const chosen = chosenRow(capture, place.connection, place.frame, rows)

  if (number !== undefined && connection === undefined)
    return <p class="note">{words.noSuchConnection(number)}</p>
  return (
    <section class="connection" aria-labelledby="connection-title">
      <h2 id="connection-title">
        {connection === undefined ? words.allConnections : words.connectionTitle(connection.connection)}{' '}
        {connection?.url != null && (
          <small>
            <bdi>{shownText(connection.url)}</bdi>
          </small>
        )}
      </h2>
      <nav class="views" aria-label={words.viewsOfConnection}>
        {VIEWS.map((name) => (
          <a
            key={name}
            href={hashOf({ ...place, view: name, field: undefined, step: undefined })}
            aria-current={name === view ? 'page' : undefined}
          >
            {words.views[name]}
            {name === 'findings' && findings.length > 0 && ` (${findings.length})`}
          </a>
        ))}
      </nav>
      {(view === 'frames' || view === 'sequence') && rows.length > 0 && (
        <TrafficPlot
          capture={capture}
          rows={rows}
          start={start}
          range={filter.range}
          onRange={(range) => setFilter({ ...filter, range })}
        />
      )}
      {view === 'frames' && (
        <>
          <FilterBar
            filter={filter}
            setFilter={setFilter}
            opcodes={opcodes}
            found={found}
            total={rows.length}
            search={search}
          />
          <FrameList
            capture={capture}
            rows={found.rows}
            chosen={chosen}
            start={start}
            onChoose={(row, byKeys) =>
              go(
                {
                  connection: number === undefined ? undefined : capture.frames.connection[row]!,
                  frame: number === undefined ? row + 1 : capture.frames.frame[row]!,
                  field: undefined,
                  step: undefined,
                },
                byKeys,
              )
            }
          />
          {chosen === undefined ? (
            <p class="note">{words.chooseFrame}</p>
          ) : (
            <FramePanel capture={capture} row={chosen} />
          )}
        </>
      )}
      {view === 'sequence' &&
        (connection === undefined ? (
          <p class="note">{words.chooseConnection}</p>
        ) : (
          <Sequence capture={capture} connection={connection} rows={inSequence} start={start} />
        ))}
      {view === 'handshake' &&
        (connection === undefined ? (
          <p class="note">{words.chooseConnection}</p>
        ) : (
          <Handshake key={connection.connection} connection={connection} />
        ))}
      {view === 'findings' && (
        <FindingCards
          key={number}
          capture={capture}
          findings={findings}
          isLinked={true}
          leftOut={(connection?.findings ?? findingCount(capture)) - findings.length}
        />
      )}
    </section>
  )
}

/** Among all connections a frame has the number of its row. */
function chosenRow(
  capture: ReportCapture,
  connection: number | undefined,
  frame: number | undefined,
  rows: Uint32Array,
): number | undefined {
  if (frame === undefined) return undefined
  if (connection !== undefined) return capture.rowOf(connection, frame)
  return rows[frame - 1] === frame - 1 ? frame - 1 : undefined
}

/** Of the whole capture. */
function findingCount({ data }: ReportCapture): number {
  return Object.values(data.summary.findings).reduce((sum, count) => sum + count, 0)
}

function inRange(
  capture: ReportCapture,
  rows: Uint32Array,
  range: readonly [number, number] | undefined,
): Uint32Array {
  if (range === undefined) return rows
  const { time } = capture.frames
  return rows.filter((row) => time[row]! >= range[0] && time[row]! <= range[1])
}

function firstTime({ frames }: ReportCapture, rows: Uint32Array): number {
  const [first] = rows
  const time = first === undefined ? 0 : frames.time[first]!
  return Number.isNaN(time) ? 0 : time
}

function opcodesOf(capture: ReportCapture, rows: Uint32Array): number[] {
  const seen = new Set<number>()
  for (const row of rows) seen.add(opcodeOf(capture, row))
  return [...seen].sort((a, b) => a - b)
}
