// Chooses the columns of a table for the width of the terminal: which are left out if there is little room, and how wide the
// others are.
import { type Column, frameWidth } from '../text/grid.ts'

/** A column that a table may have. */
export interface ColumnPlan {
  /** ASCII; `\n` between two lines. */
  readonly title: string
  /** On a narrow terminal. */
  readonly shortTitle?: string
  readonly align: Column['align']
  /** Columns that its content usually takes; it grows with its content. */
  readonly width: number
  /** The flexible column takes the room that the others leave. There is exactly one. */
  readonly flexible?: boolean
  /** It grows up to this width. Wider content is cut. */
  readonly most?: number
  /** If there is too little room, columns are left out in this order: 1 goes first. Absent: always shown. */
  readonly leftOut?: number
}

/** The columns of a table on a terminal of one width. */
export interface Layout {
  readonly padding: 0 | 1
  /** Places of the columns shown, among the plans. */
  readonly shown: readonly number[]
  readonly columns: readonly Column[]
  /** Place of the flexible column among those shown. */
  readonly flexible: number
}

/** Terminals of this width have room for a space on both sides of a cell, and for long titles. */
export const ROOMY = 130
/** The flexible column gets at least this width, as long as there are columns to leave out. */
const NARROWEST = 10

/** Lays out a table. `needed`: by place, how many columns the contents took so far. */
export function layOut(plans: readonly ColumnPlan[], terminal: number, needed: readonly number[]): Layout {
  const padding = terminal >= ROOMY ? 1 : 0
  const all = plans.map((plan, place) => {
    const title = padding === 1 ? plan.title : (plan.shortTitle ?? plan.title)
    const titleWidth = Math.max(...title.split('\n').map((line) => line.length))
    const contentWidth = Math.min(plan.most ?? Number.POSITIVE_INFINITY, needed[place] ?? 0)
    const width = plan.flexible === true ? 0 : Math.max(titleWidth, plan.width, contentWidth)
    return { plan, place, title, width }
  })
  const room = (columns: typeof all) =>
    columns.reduce((rest, { width }) => rest - width, terminal - frameWidth(columns.length, padding))

  let shown = all
  for (let order = 1; room(shown) < NARROWEST && order <= plans.length; order++) {
    shown = shown.filter(({ plan }) => plan.leftOut !== order)
  }
  const flexible = Math.max(1, room(shown))
  return {
    padding,
    shown: shown.map(({ place }) => place),
    columns: shown.map(({ plan, title, width }) => {
      return { title, align: plan.align, width: plan.flexible === true ? flexible : width }
    }),
    flexible: shown.findIndex(({ plan }) => plan.flexible === true),
  }
}
