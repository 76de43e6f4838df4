// What was found, in the page's language. Where that language knows the rule only, the values are in the record's own sentence: it
// stands there as the exact wording, in English.
import type { FaultyFrame, Found } from '../../language/found.ts'
import { shownText } from '../captured-text.ts'
import { useWords } from '../words.tsx'

/** `frame`: the one that the finding is about, where it is at hand. `isBesideRule`: the rule is said already, and not repeated. */
export function FindingSentence(props: {
  readonly finding: Found
  readonly frame: FaultyFrame | undefined
  readonly isBesideRule?: boolean
}) {
  const { findings } = useWords()
  const { finding, frame, isBesideRule = false } = props
  const rule = findings.rules[finding.code]
  const sentence = findings.sentence(finding, frame)
  if (sentence !== rule) return <bdi class="captured">{shownText(sentence)}</bdi>
  return (
    <>
      {!isBesideRule && `${rule} `}
      {findings.ownWords}{' '}
      <q class="captured exact-wording" lang="en">
        {shownText(finding.message)}
      </q>
    </>
  )
}
