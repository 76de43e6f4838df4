// What is pointed at: a range of a frame's bits. Every element that stands for some of them, in any pane, lights up.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

/** Bits `[start, end)`, counted from the frame's first. */
export interface Spot {
  readonly start: number
  readonly end: number
}

/** What the panes show of the reader's place in the frame. */
export interface Pointing {
  /** What is pointed at, or was chosen. */
  readonly lit: Spot | undefined
  /** While the reader steps through: up to which bit the frame is decoded. */
  readonly decoded: number | undefined
}

/** Gives all panes of an inspector the same pointing. */
export const PointingContext = createContext<Pointing>({ lit: undefined, decoded: undefined })

/** Attributes of an element for some bits: pointing at it lights them up. */
export function standsFor({ start, end }: Spot): {
  readonly 'data-start': number
  readonly 'data-end': number
} {
  return { 'data-start': start, 'data-end': end }
}

/** The bits of an element, or of the closest element around it. */
export function spotOf(target: EventTarget | null): Spot | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-start]') : null
  if (element === null) return undefined
  return { start: Number(element.dataset['start']), end: Number(element.dataset['end']) }
}

/** Gives the class of an element for some bits: lit, already decoded, or not yet. */
export function useSpotClass(): (spot: Spot, ...classes: readonly string[]) => string {
  const { lit, decoded } = useContext(PointingContext)
  return (spot, ...classes) => {
    const all = classes.filter((name) => name !== '')
    if (lit !== undefined && spot.start < lit.end && lit.start < spot.end) all.push('lit')
    if (decoded !== undefined) all.push(spot.end <= decoded ? 'decoded' : 'undecoded')
    return all.join(' ')
  }
}
