// The frame inspector's words, in Simplified Chinese.
import type { inspector as english } from '../en/inspector.ts'

export const inspector: typeof english = {
  title: '帧',
}
