// Colours, as the escape sequences of a terminal. They go around text that is already escaped, never into it. Not a matter of
// speed.

/** How a piece of text is to look. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta'

/** Gives a text a style. Without colours, leaves it as it is. */
export type Paint = (style: Style | undefined, text: string) => string

/** The sequences before and after a text of each style. */
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
