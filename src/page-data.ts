// What a command puts into the page's template (dist/page.html), and the page reads: types only. Platform neutral.
import type { Language } from './language/language.ts'

/** What the page shows. */
export type PageData = ReportData | LessonData

/** A capture to look at. */
export interface ReportData {
  readonly kind: 'report'
  readonly language: Language
}

/** The laboratory and the lesson. */
export interface LessonData {
  readonly kind: 'lesson'
  readonly language: Language
}
