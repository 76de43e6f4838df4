// What a frame says, in a line: its own part, and for the last frame of a message what the whole message says.
import { shownText } from '../captured-text.ts'
import { useWords } from '../words.tsx'
import type { Content } from './frame-content.ts'

/** Characters that are shown of each text. */
const SHOWN = 240

/** For the list and the sequence. */
export function FrameSaying({ content }: { readonly content: Content }) {
  const { report: words } = useWords()
  const { kind, text, isPart, whole } = content
  const own = kind === 'empty' ? words.empty : words.compressedPart
  return (
    <>
      {isPart && <span class="note">{whole === undefined ? words.fragment : words.lastFragment} </span>}
      {text === '' ? <span class="note">{own}</span> : <bdi>{shownText(text.slice(0, SHOWN))}</bdi>}
      {whole !== undefined && (
        <>
          <span class="note"> ⇒ {words.whole} </span>
          {whole === '' ? (
            <span class="note">{words.empty}</span>
          ) : (
            <bdi>{shownText(whole.slice(0, SHOWN))}</bdi>
          )}
        </>
      )}
    </>
  )
}
