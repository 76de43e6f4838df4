// What renderers print, as a test sees it.
import type { AnalysisEvent } from '../../../src/base/events.ts'
import type { Renderer, Write } from '../../../src/render/renderer.ts'

/** Everything that a renderer prints of the events, as text. `flushAfter`: flushes after this many events. */
export function printed(
  make: (write: Write) => Renderer,
  events: readonly AnalysisEvent[],
  flushAfter = Number.POSITIVE_INFINITY,
): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let text = ''
  const renderer = make((output) => {
    text += typeof output === 'string' ? output : decoder.decode(output, { stream: true })
  })
  for (const [i, event] of events.entries()) {
    renderer.event(event)
    if ((i + 1) % flushAfter === 0) renderer.flush()
  }
  renderer.end()
  return text + decoder.decode()
}

/**
 * Characters that must not reach a screen: controls except the line end, format characters, lone surrogates, line and paragraph
 * separators, and all that Unicode lets a screen leave out.
 */
export const UNSAFE_ON_A_SCREEN =
  /(?!\n|\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
