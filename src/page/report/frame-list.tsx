import { useEffect, useRef } from 'preact/hooks'
import { useWords } from '../words.tsx'
import { bytesText, countText, packetsText, secondsText } from './amounts.ts'
import type { ReportCapture } from './capture.ts'
import { opcodeOf, previewOf, sideOf } from './frame-content.ts'
import { FrameSaying } from './frame-saying.tsx'
import { findingsOf } from './inspected.ts'
import { useNavigation } from './place.ts'
import { useVirtualRows } from './virtual-rows.ts'

/** Pixels, as in report.css. */
const ROW_HEIGHT = 30

/** The frames that the filter lets through. `chosen`: the row that is looked at. */
export function FrameList(props: {
  readonly capture: ReportCapture
  readonly rows: Uint32Array
  readonly chosen: number | undefined
  readonly start: number
  readonly onChoose: (row: number, byKeys: boolean) => void
}) {
  const { report: words } = useWords()
  const { capture, rows, chosen, start, onChoose } = props
  const list = useVirtualRows<HTMLDivElement>(rows.length, ROW_HEIGHT, ROW_HEIGHT)
  const all = useNavigation().place.connection === undefined
  const index = chosen === undefined ? -1 : indexOf(rows, chosen)
  const table = useRef<HTMLTableElement>(null)

  useEffect(() => {
    if (index >= 0) list.reveal(index)
  }, [index, rows])

  const move = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((list.box.current?.clientHeight ?? 300) / ROW_HEIGHT) - 2)
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    }
    const step = steps[event.key]
    if (step === undefined || rows.length === 0 || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    const from = index < 0 ? (step > 0 ? -1 : 0) : index
    onChoose(rows[Math.max(0, Math.min(rows.length - 1, from + step))]!, true)
  }

  const shown = Array.from(rows.subarray(list.start, list.end))
  return (
    <div class="frame-list" ref={list.box} onScroll={list.onScroll}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows are chosen with keys, by one focus for all
        role="grid"
        ref={table}
        tabIndex={0}
        aria-label={words.frames}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={index < 0 ? undefined : `row-${chosen}`}
        onKeyDown={move}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" class="number">
              #
            </th>
            {all && (
              <th scope="col" class="number">
                {words.connectionShort}
              </th>
            )}
            <th scope="col" class="number optional">
              {words.packets}
            </th>
            <th scope="col" class="number">
              {words.seconds}
            </th>
            <th scope="col">{words.sender}</th>
            <th scope="col" class="optional">
              FIN RSV
            </th>
            <th scope="col">{words.opcode}</th>
            <th scope="col" class="number">
              {words.length}
            </th>
            <th scope="col" class="wide">
              {words.content}
            </th>
          </tr>
        </thead>
        <tbody>
          {list.above > 0 && <Room height={list.above} />}
          {shown.map((row, i) => (
            <FrameRow
              key={row}
              capture={capture}
              row={row}
              position={list.start + i + 2}
              isChosen={row === chosen}
              start={start}
              all={all}
              onChoose={() => {
                table.current?.focus({ preventScroll: true })
                onChoose(row, false)
              }}
            />
          ))}
          {list.below > 0 && <Room height={list.below} />}
        </tbody>
      </table>
      {rows.length === 0 && <p class="note">{words.noFrames}</p>}
      {list.notPrinted > 0 && <p class="not-printed">{words.notPrinted(countText(list.notPrinted))}</p>}
    </div>
  )
}

/** Takes the room of the rows that are out of sight. */
function Room({ height }: { readonly height: number }) {
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: it takes no focus
  return <tr aria-hidden="true" style={{ height: `${height}px` }} />
}

function FrameRow(props: {
  readonly capture: ReportCapture
  readonly row: number
  readonly position: number
  readonly isChosen: boolean
  readonly start: number
  readonly all: boolean
  readonly onChoose: () => void
}) {
  const { report: words, names } = useWords()
  const { capture, row, position, isChosen, start, all, onChoose } = props
  const { frames } = capture
  const side = sideOf(capture, row)
  const first = frames.firstByte[row]!
  const content = previewOf(capture, row)
  const findings = findingsOf(capture, row)
  return (
    // The keys are the list's.
    <tr
      id={`row-${row}`}
      aria-rowindex={position}
      aria-selected={isChosen}
      class={isChosen ? 'chosen' : ''}
      onClick={onChoose}
    >
      <td class="number">{frames.frame[row]}</td>
      {all && <td class="number">{frames.connection[row]}</td>}
      <td class="number optional">{packetsText(frames.firstPacket[row]!, frames.lastPacket[row]!)}</td>
      <td class="number">{secondsText(frames.time[row]! - start)}</td>
      <td class={`side-${side}`}>{side === 'client' ? `${names.client} →` : `← ${names.server}`}</td>
      <td class="mono optional">
        {first >> 7} {((first >> 4) & 7).toString(2).padStart(3, '0')}
      </td>
      <td>{names.opcode(opcodeOf(capture, row))}</td>
      <td class="number" title={words.bytes(frames.payloadLength[row]!)}>
        {frames.payloadLength[row]! < 1e5
          ? countText(frames.payloadLength[row]!)
          : bytesText(frames.payloadLength[row]!)}
      </td>
      <td class={`wide content-${content.kind}`}>
        {findings.length > 0 && (
          <strong class="finding-mark" title={findings.map(({ code }) => code).join(', ')}>
            ⚠ {findings[0]!.code}{' '}
          </strong>
        )}
        <FrameSaying content={content} />
      </td>
    </tr>
  )
}

/** Rows rise. */
function indexOf(rows: Uint32Array, row: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (rows[middle]! < row) low = middle + 1
    else high = middle
  }
  return rows[low] === row ? low : -1
}
