// A window on bytes that are too many to be shown at once, and buttons to move it.
import { useContext, useEffect, useState } from 'preact/hooks'
import { useWords } from '../words.tsx'
import { PointingContext } from './spot.ts'

/** The range of the bytes that is shown. */
export interface ByteWindow {
  readonly start: number
  readonly end: number
  readonly total: number
  readonly size: number
  show(at: number): void
}

/**
 * Shows `size` of `total` bytes, and follows what is pointed at. `firstBit`: the bit of the frame at which the first of them
 * starts.
 */
export function useByteWindow(total: number, size: number, firstBit: number): ByteWindow {
  const [chosen, setChosen] = useState(0)
  const { lit } = useContext(PointingContext)
  const last = Math.max(0, Math.floor((total - 1) / size) * size)
  const start = Math.min(chosen, last)
  const show = (at: number): void => {
    setChosen(Math.min(last, Math.max(0, Math.floor(at / size) * size)))
  }
  useEffect(() => {
    if (lit === undefined) return
    const from = Math.floor((lit.start - firstBit) / 8)
    const to = Math.ceil((lit.end - firstBit) / 8)
    if (to <= 0 || from >= total) return
    if (to <= start || from >= start + size) show(from)
  }, [lit?.start, lit?.end])
  return { start, end: Math.min(total, start + size), total, size, show }
}

/** Where the window is, and buttons that move it; nothing if all is shown. */
export function WindowControls({ shown, label }: { readonly shown: ByteWindow; readonly label: string }) {
  const { inspector: words } = useWords()
  const { start, end, total, size, show } = shown
  if (total <= size) return null
  return (
    <nav class="window-controls" aria-label={label}>
      <button type="button" disabled={start === 0} onClick={() => show(0)}>
        {words.first}
      </button>
      <button type="button" disabled={start === 0} onClick={() => show(start - size)}>
        {words.earlier}
      </button>
      <span aria-live="polite">{words.range(start, end - 1, total)}</span>
      <button type="button" disabled={end === total} onClick={() => show(end)}>
        {words.later}
      </button>
      <button type="button" disabled={end === total} onClick={() => show(total - 1)}>
        {words.last}
      </button>
      <label>
        {words.goTo}{' '}
        <input
          type="number"
          min={0}
          max={total - 1}
          onChange={({ currentTarget }) => show(currentTarget.valueAsNumber || 0)}
        />
      </label>
    </nav>
  )
}
