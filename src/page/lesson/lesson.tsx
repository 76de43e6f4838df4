import type { LessonData } from '../../page-data.ts'
import { LanguageSwitch } from '../language-switch.tsx'
import { useWords } from '../words.tsx'

/** The laboratory and the chapters. */
export function Lesson(_: { readonly data: LessonData }) {
  const words = useWords()
  return (
    <>
      <LanguageSwitch />
      <h1>{words.lesson.title}</h1>
    </>
  )
}
