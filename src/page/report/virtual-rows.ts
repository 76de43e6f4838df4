// Rows of one height in a scrolling box. Only the rows in sight are made; of a box that is printed, the first rows.
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { MOST_PRINTED, usePrinting } from './printing.ts'

/** How many rows are made outside each edge. */
const SPARE = 8
/** Pixels: browsers cut boxes that are higher. */
const HIGHEST = 15_000_000

/** The rows in sight, and the way to others. */
export interface VirtualRows<Box extends HTMLElement> {
  readonly box: RefObject<Box | null>
  /** Rows `[start, end)` are to be made. */
  readonly start: number
  readonly end: number
  /** Room above and below them, in pixels. */
  readonly above: number
  readonly below: number
  /** Rows beyond those that are printed; 0 on a screen. */
  readonly notPrinted: number
  /** Scrolls as far as needed to show a row. */
  reveal(row: number): void
  readonly onScroll: () => void
}

/** `top`: pixels of the box that a fixed head covers. */
export function useVirtualRows<Box extends HTMLElement>(
  count: number,
  height: number,
  top = 0,
): VirtualRows<Box> {
  const box = useRef<Box>(null)
  const isPrinting = usePrinting()
  const [view, setView] = useState({ from: 0, size: 800 })
  // If all rows together are too high for a browser, a pixel of scrolling stands for more than one.
  const scale = Math.max(1, (count * height) / HIGHEST)
  const measure = (): void => {
    const element = box.current
    if (element === null) return
    const { scrollTop: from, clientHeight: size } = element
    setView((old) => (old.from === from && old.size === size ? old : { from, size }))
  }
  useLayoutEffect(() => {
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(box.current!)
    return () => observer.disconnect()
  }, [count])
  const first = Math.floor((view.from * scale) / height)
  const shown = Math.ceil(view.size / height)
  const start = isPrinting ? 0 : Math.max(0, Math.min(first, count - shown) - SPARE)
  const end = Math.min(count, isPrinting ? MOST_PRINTED : Math.max(0, first) + shown + SPARE)
  const total = Math.min(count * height, HIGHEST)
  const above = isPrinting
    ? 0
    : scale === 1
      ? start * height
      : Math.max(0, view.from - (first - start) * height)
  return {
    box,
    start,
    end,
    above,
    below: isPrinting ? 0 : Math.max(0, total - above - (end - start) * height),
    notPrinted: isPrinting ? count - end : 0,
    onScroll: measure,
    reveal(row) {
      const element = box.current
      if (element === null) return
      const at = (row * height) / scale
      const room = element.clientHeight - top
      if (at < element.scrollTop) element.scrollTop = at
      else if (at + height > element.scrollTop + room) element.scrollTop = at + height - room
      measure()
    },
  }
}
