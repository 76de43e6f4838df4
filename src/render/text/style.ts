// Colours, as a terminal's escape sequences. They go around text that is escaped already, never into it.

/** How a piece of text is to look. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta'

/** Makes a text look so; leaves it as it is where there are no colours. */
export type Paint = (style: Style | undefined, text: string) => string

/** What stands before and behind a text of each style. */
export const SEQUENCES: Readonly<Record<Style, readonly [on: string, off: string]>> = {
  bold: ['\x1b[1m', '\x1b[22m'],
  dim: ['\x1b[2m', '\x1b[22m'],
  red: ['\x1b[31m', '\x1b[39m'],
  green: ['\x1b[32m', '\x1b[39m'],
  yellow: ['\x1b[33m', '\x1b[39m'],
  cyan: ['\x1b[36m', '\x1b[39m'],
  magenta: ['\x1b[35m', '\x1b[39m'],
}

/** The paint of an output with colours, or of one without. */
export function paintWith(color: boolean): Paint {
  if (!color) return (_, text) => text
  return (style, text) => {
    if (style === undefined || text === '') return text
    const [on, off] = SEQUENCES[style]
    return on + text + off
  }
}
