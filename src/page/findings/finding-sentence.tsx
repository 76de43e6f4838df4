// What was found, in the page's language. It stands alone because every view of findings shows it, as text that may hold captured bytes.
import type { FindingText } from '../../base/findings.ts'
import { findingSentence } from '../../language/finding-text.ts'
import { shownText } from '../captured-text.ts'
import { useWords } from '../words.tsx'

/** The sentence of a finding. */
export function FindingSentence({ finding }: { readonly finding: FindingText }) {
  const { findings } = useWords()
  return <bdi class="captured">{shownText(findingSentence(findings.sentences, finding))}</bdi>
}
