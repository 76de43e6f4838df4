// A finding with its English sentence, as records have it.
import type { FindingText } from '../../../src/base/findings.ts'
import { sentenceOf } from '../../../src/language/en/finding-sentences.ts'

/** The finding, and its sentence as `message`. */
export function told<Finding extends FindingText>(finding: Finding): Finding & { readonly message: string } {
  return { ...finding, message: sentenceOf(finding) }
}
