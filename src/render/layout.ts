// Chooses the columns of a table for the width of the terminal: what is left out where there is little room, and how wide the rest is.
import type { Column } from './grid.ts'
import { frameWidth } from './grid.ts'

/** A column that a table may have. */
export interface ColumnPlan {
  /** ASCII; `\n` between two lines. */
  readonly title: string
  /** Where the terminal is narrow. */
  readonly shortTitle?: string
  readonly align: Column['align']
  /** Columns that its content usually takes; it grows with its content. */
  readonly width: number
  /** The flexible column takes what the others leave. There is exactly one. */
  readonly flexible?: boolean
  /** Narrower terminals do not show it. */
  readonly from?: number
}

/** The columns of a table on a terminal of a certain width. */
export interface Layout {
  readonly padding: 0 | 1
  /** Places of the columns shown, among the plans. */
  readonly shown: readonly number[]
  readonly columns: readonly Column[]
  /** Place of the flexible column among those shown. */
  readonly flexible: number
}

/** Terminals from here on have room for a space on both sides of a cell, and for long titles. */
export const ROOMY = 130
/** The flexible column gets at least so much. */
const NARROWEST = 8

/** Lays out a table. `needed`: by place, columns that contents seen so far took. */
export function layOut(plans: readonly ColumnPlan[], terminal: number, needed: readonly number[]): Layout {
  const padding = terminal >= ROOMY ? 1 : 0
  const shown = plans.flatMap((plan, i) => ((plan.from ?? 0) <= terminal ? [i] : []))
  const flexible = shown.findIndex((i) => plans[i]!.flexible === true)
  let taken = frameWidth(shown.length, padding)
  const columns = shown.map((place) => {
    const plan = plans[place]!
    const title = padding === 1 ? plan.title : (plan.shortTitle ?? plan.title)
    const titleWidth = Math.max(...title.split('\n').map((line) => line.length))
    const width = plan.flexible === true ? 0 : Math.max(titleWidth, plan.width, needed[place] ?? 0)
    taken += width
    return { title, align: plan.align, width }
  })
  columns[flexible]!.width = Math.max(NARROWEST, terminal - taken)
  return { padding, shown, columns, flexible }
}
