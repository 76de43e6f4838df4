// Which frames of a connection are listed. Side, opcode, findings and time filter at once; text filters little by little, because
// that reads every payload.
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Side } from '../../base/stream.ts'
import type { ReportCapture } from './capture.ts'
import { opcodeOf, searchableOf, sideOf } from './frame-content.ts'
import { matcherFor, type PatternFault } from './text-matcher.ts'

/** What is asked for; undefined and '' let everything through. */
export interface FrameFilter {
  readonly from: Side | undefined
  readonly opcode: number | undefined
  readonly text: string
  /** Whether `text` is a regular expression. */
  readonly isPattern: boolean
  readonly findingsOnly: boolean
  /** Nanoseconds, both ends included. */
  readonly range: readonly [from: number, to: number] | undefined
}

/** Lets every frame through. */
export const NO_FILTER: FrameFilter = {
  from: undefined,
  opcode: undefined,
  text: '',
  isPattern: false,
  findingsOnly: false,
  range: undefined,
}

/** What the filter lets through. */
export interface FilteredRows {
  readonly rows: Uint32Array
  /** Share of the frames that were searched through, below 1 while it goes on. */
  readonly searched: number
  readonly fault: PatternFault | undefined
}

/** Texts that are matched at a time. */
const BATCH = 500
/** A batch ends early once it has spent this many milliseconds on reading payloads, so that the page stays quick. */
const BATCH_MS = 12

/** `rows`: those of the connection. */
export function useFilteredRows(
  capture: ReportCapture,
  rows: Uint32Array,
  filter: FrameFilter,
): FilteredRows {
  const { from, opcode, findingsOnly, range, text, isPattern } = filter
  const quick = useMemo(
    () =>
      from === undefined && opcode === undefined && !findingsOnly && range === undefined
        ? rows
        : rows.filter(
            (row) =>
              (from === undefined || sideOf(capture, row) === from) &&
              (opcode === undefined || opcodeOf(capture, row) === opcode) &&
              (!findingsOnly || capture.findingsOf.has(row)) &&
              (range === undefined || isWithin(capture.frames.time[row]!, range)),
          ),
    [capture, rows, from, opcode, findingsOnly, range],
  )
  const [found, setFound] = useState<FilteredRows>(() => ({ rows: quick, searched: 1, fault: undefined }))
  useEffect(() => {
    if (text === '') return
    let isStale = false
    const matcher = matcherFor(text, isPattern)
    const search = async (): Promise<void> => {
      const matching: number[] = []
      let at = 0
      let shown = performance.now()
      setFound({ rows: NO_ROWS, searched: 0, fault: undefined })
      while (at < quick.length) {
        const texts: string[] = []
        const started = performance.now()
        const first = at
        while (at < quick.length && texts.length < BATCH && performance.now() - started < BATCH_MS)
          texts.push(searchableOf(capture, quick[at++]!))
        const matches = await matcher.match(texts)
        if (isStale) return
        for (let i = 0; i < texts.length; i++) if (matches[i]) matching.push(quick[first + i]!)
        if (performance.now() - shown < 100 && at < quick.length) continue
        shown = performance.now()
        setFound({ rows: Uint32Array.from(matching), searched: at / quick.length, fault: undefined })
        await new Promise((resolve) => setTimeout(resolve))
        if (isStale) return
      }
      setFound({ rows: Uint32Array.from(matching), searched: 1, fault: undefined })
    }
    search()
      .catch((fault: PatternFault) => {
        if (!isStale) setFound({ rows: NO_ROWS, searched: 1, fault })
      })
      .finally(matcher.close)
    return () => {
      isStale = true
      matcher.close()
    }
  }, [capture, quick, text, isPattern])
  return text === '' ? { rows: quick, searched: 1, fault: undefined } : found
}

const NO_ROWS = new Uint32Array(0)

function isWithin(time: number, [from, to]: readonly [number, number]): boolean {
  return time >= from && time <= to
}
