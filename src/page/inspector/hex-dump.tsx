// The frame's bytes as a hex dump: offsets, bytes in the colours of their fields, and their characters.
import { useRef } from 'preact/hooks'
import { useWords } from '../words.tsx'
import { characterOf, hexOf } from './byte-text.ts'
import { useByteWindow, WindowControls } from './byte-window.tsx'
import { NARROW, useMedia } from './media.ts'
import {
  fieldAt,
  fieldColour,
  isCompressed,
  isMissing,
  type ReadFrame,
  unmaskedPayload,
} from './read-frame.ts'
import { standsFor, useSpotClass } from './spot.ts'

/** Bytes that are shown at once. */
const SHOWN = 512

/** `unmasked`: the payload as it was before masking, in its place. `lens`: bytes in the colours of their TCP segments. */
export function HexDump(props: {
  readonly read: ReadFrame
  readonly unmasked: boolean
  readonly lens: boolean
}) {
  const { inspector: words } = useWords()
  const { read, unmasked, lens } = props
  const { frame, fields, payloadAt } = read
  const width = useMedia(NARROW) ? 8 : 16
  const shown = useByteWindow(frame.bytes.length, SHOWN, 0)
  const spotClass = useSpotClass()
  const grid = useRef<HTMLDivElement>(null)
  const bytes = frame.bytes.slice(shown.start, shown.end)
  if (unmasked && shown.end > payloadAt) {
    const from = Math.max(0, shown.start - payloadAt)
    bytes.set(unmaskedPayload(read, from, shown.end - payloadAt), payloadAt + from - shown.start)
  }
  const rows = Array.from({ length: Math.ceil(bytes.length / width) }, (_, row) => row * width)

  const move = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -width, ArrowDown: width }
    const step = steps[event.key]
    const at = Number((event.target as HTMLElement).dataset['at'] ?? Number.NaN)
    if (step === undefined || Number.isNaN(at) || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    const next = at + step
    if (next < 0 || next >= frame.bytes.length) return
    shown.show(next)
    const cellOf = (): HTMLElement | null | undefined => grid.current?.querySelector(`[data-at="${next}"]`)
    const shownAlready = cellOf()
    if (shownAlready) shownAlready.focus()
    else requestAnimationFrame(() => cellOf()?.focus())
  }

  const cell = (index: number) => {
    const at = shown.start + index
    const spot = { start: at * 8, end: at * 8 + 8 }
    const missing = isMissing(frame, at)
    const segment = lens ? frame.segments.findIndex(({ start, end }) => at >= start && at < end) : -1
    const starts = segment >= 0 && frame.segments[segment]!.start === at
    const colour = lens
      ? segment < 0
        ? ''
        : `segment-${segment % 4}`
      : fieldColour(fieldAt(fields, at * 8 + (at === 1 ? 1 : 0)))
    return (
      // biome-ignore lint/a11y/useSemanticElements: a table's cells do not wrap, and take no focus
      <span
        key={at}
        role="gridcell"
        tabIndex={index === 0 ? 0 : -1}
        data-at={at}
        {...standsFor(spot)}
        class={spotClass(spot, 'byte', colour, missing ? 'missing' : '', starts ? 'segment-start' : '')}
        title={missing ? words.missing : starts ? words.packet(frame.segments[segment]!.packet) : undefined}
      >
        {missing ? '··' : hexOf(bytes[index]!)}
      </span>
    )
  }

  /** On the wire the characters are those of the bytes; after unmasking they would be taken for the message. */
  const hidesText = unmasked && isCompressed(read)
  const look = (at: number): string => (hidesText && at >= payloadAt ? 'not-text' : '')

  return (
    <div class="hex-dump">
      {/* biome-ignore lint/a11y/useSemanticElements: see the cells */}
      <div class="hex-grid" role="grid" aria-label={words.dump} ref={grid} onKeyDown={move} tabIndex={-1}>
        {rows.map((row) => {
          const count = Math.min(width, bytes.length - row)
          const indices = Array.from({ length: count }, (_, i) => row + i)
          return (
            // biome-ignore lint/a11y/useSemanticElements: see the cells
            // biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus
            <div role="row" class="dump-row" key={shown.start + row}>
              {/* biome-ignore lint/a11y/useSemanticElements: see the cells */}
              {/* biome-ignore lint/a11y/useFocusableInteractive: nothing to be done there */}
              <span role="rowheader" class="dump-offset">
                {(shown.start + row).toString(16).padStart(4, '0')}
              </span>
              {indices.map(cell)}
              {Array.from({ length: width - count }, (_, i) => (
                <span key={`empty ${i}`} class="byte" aria-hidden="true" role="none" />
              ))}
              <span class="dump-characters" aria-hidden="true">
                {indices.map((index) => {
                  const at = shown.start + index
                  const spot = { start: at * 8, end: at * 8 + 8 }
                  return (
                    <span key={at} {...standsFor(spot)} class={spotClass(spot, look(at))}>
                      {characterOf(isMissing(frame, at) ? 0 : bytes[index]!)}
                    </span>
                  )
                })}
              </span>
            </div>
          )
        })}
      </div>
      <WindowControls shown={shown} label={words.dump} />
      {hidesText && <p class="note">{words.payloadNotTextYet}</p>}
      {frame.announcedLength > frame.bytes.length && (
        <p class="note">{words.cut(frame.announcedLength - frame.bytes.length)}</p>
      )}
    </div>
  )
}
