import type { LessonData } from '../../page-data.ts'

/** The laboratory and the chapters. */
export function Lesson(_: { readonly data: LessonData }) {
  return <h1>Lesson</h1>
}
