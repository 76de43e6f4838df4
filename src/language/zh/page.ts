// What report and lesson share, in Simplified Chinese. It stands alone, as each topic does.
import type { page as english } from '../en/page.ts'

export const page: typeof english = {
  language: '语言',
}
