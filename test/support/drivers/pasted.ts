// Pasted text in, one line out: hex digits, or what is wrong with the text; and the notes, if there are any.
import { toHex } from '../../../src/base/bytes.ts'
import { pastedFaultWords, pastedNoteWords } from '../../../src/language/en/pasted-words.ts'
import { readPasted } from '../../../src/pasted/pasted.ts'

/** The bytes as hex digits, or the fault in words. */
export function read(text: string): string {
  const pasted = readPasted(text)
  return 'fault' in pasted ? pastedFaultWords(pasted.fault) : toHex(pasted.bytes)
}

/** What is said of how the bytes were read. */
export function notesOf(text: string): string[] {
  const pasted = readPasted(text)
  return 'fault' in pasted ? [] : pasted.notes.map(pastedNoteWords)
}
