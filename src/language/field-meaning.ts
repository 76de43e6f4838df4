// Puts a field's value into the sentence that says what the field means.
import type { fields } from './en/fields.ts'
import type { FieldValue } from './field-value.ts'

/** A field of a frame, as far as its sentence needs it (websocket/fields.ts). */
export interface FieldText extends FieldValue {
  readonly sentenceKey: keyof (typeof fields)['meanings']
}

/** What the field is for, and what it says here. */
export function fieldMeaning(words: typeof fields, field: FieldText): string {
  const meaning = words.meanings[field.sentenceKey]
  return typeof meaning === 'string' ? meaning : meaning(field)
}
