// Makes the sentence of a finding from its code and its values.
import type { FindingCode, FindingText, FindingValues } from '../base/findings.ts'

/** What a language says of each code, with the values of the finding. Captured text in them is raw: escape the sentence before it is shown. */
export type FindingSentences = {
  readonly [Code in FindingCode]: (values: FindingValues<Code>) => string
}

/** The sentence of a finding, in the language whose sentences these are. */
export function findingSentence(sentences: FindingSentences, { code, values }: FindingText): string {
  return (sentences[code] as (values: FindingText['values']) => string)(values)
}
