// The lesson's words, in Simplified Chinese.
import type { lesson as english } from '../en/lesson.ts'

export const lesson: typeof english = {
  title: '课程',
}
