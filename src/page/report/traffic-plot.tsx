// Messages or bytes over time: what the client sent upwards, what the server sent downwards. The range that is marked with the
// pointer, or set in the two fields below, filters the list.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useMedia } from '../inspector/media.ts'
import { useWords } from '../words.tsx'
import { bytesText, countText } from './amounts.ts'
import type { ReportCapture } from './capture.ts'
import { sideOf } from './frame-content.ts'

const BARS = 200
const HEIGHT = 190
const SECOND = 1e9

type Range = readonly [from: number, to: number]

/** `start`: nanoseconds that the times are counted from. `range`: the marked range. */
export function TrafficPlot(props: {
  readonly capture: ReportCapture
  readonly rows: Uint32Array
  readonly start: number
  readonly range: Range | undefined
  readonly onRange: (range: Range | undefined) => void
}) {
  const { report: words, names } = useWords()
  const { capture, rows, start, range, onRange } = props
  const [what, setWhat] = useState<'messages' | 'bytes'>(() =>
    rows.some((row) => capture.frames.message[row] !== 0) ? 'messages' : 'bytes',
  )
  const box = useRef<HTMLDivElement>(null)
  const isDark = useMedia('(prefers-color-scheme: dark)')
  const traffic = useMemo(() => trafficOf(capture, rows, start, what), [capture, rows, start, what])
  const mark = useRef(onRange)
  mark.current = onRange

  useEffect(() => {
    const element = box.current
    if (element === null || traffic === undefined) return
    const color = (name: string): string => getComputedStyle(element).getPropertyValue(name)
    // Custom properties come as they were written: an element gives them as colours.
    const probe = element.appendChild(document.createElement('span'))
    const resolved = (name: string): string => {
      probe.style.color = `var(${name})`
      return getComputedStyle(probe).color || color(name)
    }
    const [client, server, text, grid] = ['--client', '--server', '--muted', '--border'].map(resolved) as [
      string,
      string,
      string,
      string,
    ]
    probe.remove()
    const bars = uPlot.paths.bars!({ size: [0.9, 40], align: 1 })
    const amount = what === 'bytes' ? bytesText : (value: number) => countText(Math.round(value))
    const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid } }
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: true, y: false, setScale: false }, y: false },
        scales: {
          x: { time: false },
          y: { range: (_, least, most) => fromZero(least ?? 0, most ?? 0) },
        },
        axes: [
          { ...axis, space: 90, values: (_, seconds) => seconds.map((value) => `${value} s`) },
          {
            ...axis,
            size: 70,
            incrs: WHOLE_STEPS,
            values: (_, values) => values.map((value) => amount(Math.abs(value))),
          },
        ],
        series: [
          {},
          { stroke: client, fill: client, paths: bars, points: { show: false } },
          { stroke: server, fill: server, paths: bars, points: { show: false } },
        ],
        hooks: {
          setSelect: [
            (self) => {
              const { left, width } = self.select
              if (width < 2) return
              const at = (position: number): number => start + self.posToVal(position, 'x') * SECOND
              mark.current([at(left), at(left + width)])
            },
          ],
        },
      },
      traffic.data,
      element,
    )
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [traffic, isDark])

  if (traffic === undefined) return <p class="note">{words.noTimes}</p>
  const seconds = (time: number): string => ((time - start) / SECOND).toFixed(6)
  const [from, to] = range ?? [start + traffic.first, start + traffic.last]
  const set = (first: number, last: number): void => {
    if (first <= last) onRange([first, last])
  }
  return (
    <figure class="traffic-plot">
      <figcaption>
        <span>{what === 'messages' ? words.messagesOverTime : words.bytesOverTime}</span>
        <span class="side-client">▲ {names.client}</span>
        <span class="side-server">▼ {names.server}</span>
        <button type="button" aria-pressed={what === 'messages'} onClick={() => setWhat('messages')}>
          {words.messages}
        </button>
        <button type="button" aria-pressed={what === 'bytes'} onClick={() => setWhat('bytes')}>
          {words.bytesTitle}
        </button>
      </figcaption>
      <div class="plot" ref={box} role="img" aria-label={words.plotSays(BARS)} />
      <p class="plot-range screen-only">
        {words.brush}{' '}
        <label>
          {words.fromSecond}{' '}
          <input
            type="number"
            step="any"
            value={seconds(from)}
            onChange={({ currentTarget }) => set(start + currentTarget.valueAsNumber * SECOND, to)}
          />
        </label>{' '}
        <label>
          {words.toSecond}{' '}
          <input
            type="number"
            step="any"
            value={seconds(to)}
            onChange={({ currentTarget }) => set(from, start + currentTarget.valueAsNumber * SECOND)}
          />
        </label>{' '}
        <button type="button" disabled={range === undefined} onClick={() => onRange(undefined)}>
          {words.wholeTime}
        </button>
      </p>
    </figure>
  )
}

/** Both sides to the same scale; one that sent nothing needs no room. */
function fromZero(least: number, most: number): [number, number] {
  const furthest = Math.max(-least, most)
  return [least < 0 ? -furthest : 0, most > 0 ? furthest : 0]
}

/** Steps of the amounts' axis: half a message does not exist. */
const WHOLE_STEPS = Array.from({ length: 12 }, (_, i) => 10 ** i).flatMap((power) => [
  power,
  2 * power,
  5 * power,
])

/**
 * Seconds, and for each bar what either side sent in it; the server's below zero. `first` and `last` are nanoseconds. Undefined
 * without times.
 */
function trafficOf(capture: ReportCapture, rows: Uint32Array, start: number, what: 'messages' | 'bytes') {
  const { time, headerLength, capturedLength, message } = capture.frames
  let first = Infinity
  let last = -Infinity
  for (const row of rows) {
    const at = time[row]! - start
    if (at < first) first = at
    if (at > last) last = at
  }
  if (first > last) return undefined
  const span = Math.max(last - first, 1e6)
  const width = span / BARS
  // If nothing was sent, no bar is drawn, not even a line.
  const client: (number | null)[] = Array(BARS).fill(null)
  const server: (number | null)[] = Array(BARS).fill(null)
  for (const row of rows) {
    const bar = Math.min(BARS - 1, Math.floor((time[row]! - start - first) / width))
    const counts =
      what === 'bytes' || (message[row] !== 0 && capture.messages.lastRow[message[row]! - 1] === row)
    if (Number.isNaN(bar) || !counts) continue
    const amount = what === 'bytes' ? headerLength[row]! + capturedLength[row]! : 1
    if (sideOf(capture, row) === 'client') client[bar] = (client[bar] ?? 0) + amount
    else server[bar] = (server[bar] ?? 0) - amount
  }
  const seconds = client.map((_, i) => (first + i * width) / SECOND)
  return { data: [seconds, client, server] as uPlot.AlignedData, first, last }
}
