// Why pasted text holds no bytes, and how bytes were read if that is not plain, in English; without a full stop, so that it can stand
// in a sentence.
import type { PastedFault, PastedNote, Place } from '../../pasted/reading.ts'

/** Why the text is not bytes, and the cure if there is one. */
export function pastedFaultWords(fault: PastedFault): string {
  switch (fault.what) {
    case 'nothing':
      return 'there are no bytes in it'
    case 'long':
      return `it is longer than ${fault.most}; give less at a time, or a capture`
    case 'character': {
      const inside = fault.within === undefined ? '' : ` in ${quoted(fault.within)}`
      return `${place(fault.at)}: ${quoted(fault.character)}${inside} is not a hex digit, nor is the text another form of bytes`
    }
    case 'odd':
      return `${place(fault.at)}: ${quoted(fault.digits)} has an odd number of hex digits`
    case 'range':
      return `${place(fault.at)}: ${quoted(fault.number)} is not a byte: it is not from ${fault.least} to ${fault.most}`
    case 'mixed':
      return `${place(fault.at)}: ${quoted(fault.number)} may be hex or decimal beside numbers with 0x; put 0x before each, or braces around all if it is decimal`
    case 'element':
      return `${place(fault.at)}: ${quoted(fault.found)} is not a byte`
    case 'escape':
      return `${place(fault.at)}: ${quoted(fault.escape)} is not an escape for a byte`
    case 'unclosed':
      return `${place(fault.at)}: ${quoted(fault.opened)} is not closed; paste all of it`
    case 'spelled':
      return `the byte string has only ${fault.as === 'hex' ? 'hex digits' : 'base64'} in it; paste what is between the quotes, with ${fault.as}: before it`
    case 'count':
      return `it says that it has ${fault.said} bytes, and there are ${fault.found}`
    case 'more':
      return `${place(fault.at)}: ${fault.count} more bytes were not printed; print them all, as with buffer.toString('hex')`
    case 'bits':
      return `${place(fault.at)}: ${quoted(fault.digits)} is not a whole number of bytes in bits`
    case 'base64-end':
      return `${place(fault.at)}: the base64 ends inside a byte; paste all of it`
    case 'offset':
      return `line ${fault.line}: offset ${fault.offset} where ${fault.expected} was expected`
    case 'start':
      return `line ${fault.line}: the dump starts at offset ${fault.offset}; paste it from offset 0, or the digits without offsets`
    case 'column':
      return `line ${fault.line}: ${misfit(fault.byte, fault.value, fault.character)}`
    case 'row':
      return `line ${fault.line}: this is not a row of the dump`
    case 'repeat':
      return `line ${fault.line}: no row follows the * and says how often the row before it is repeated; paste the last line too`
    case 'repeat-radix':
      return `line ${fault.line}: how many rows the * stands for depends on whether the offsets are octal, decimal or hex; print with -v, as in od -v or hexdump -v`
    case 'unit':
      return `line ${fault.line}: this form of od, hexdump or xxd does not tell the bytes for certain; print them with od -t x1 or hexdump -C`
    case 'last-word':
      return `line ${fault.line}: the last word may be cut; paste the last line too, which is the length, or print with od -t x1 or hexdump -C`
    case 'no-payload':
      return fault.packets === 1
        ? 'the packet has headers only, and no TCP payload'
        : `the ${fault.packets} packets have headers only, and no TCP payload`
  }
}

/** How the bytes were read. */
export function pastedNoteWords(note: PastedNote): string {
  switch (note.what) {
    case 'read-as':
      return `read as ${{ bits: 'bits', decimal: 'decimal numbers', base64: 'base64' }[note.form]}; if it is hex, put hex: before it`
    case 'words': {
      const why = note.isProved
        ? 'as the characters beside them show'
        : 'as most machines print them; od -t x1 and hexdump -C print bytes'
      return `read as ${note.bits}-bit ${note.order} words, ${why}`
    }
    case 'derived':
      return note.dumps === 1
        ? 'skipped the dump that Wireshark made of the packet before it, such as unmasked data'
        : `skipped ${note.dumps} dumps that Wireshark made of the packets before them, such as unmasked data`
    case 'headers': {
      const packets = note.packets === 1 ? 'the packet' : `${note.packets} packets`
      const empty = note.empty === 0 ? '' : `; ${note.empty} had nothing else`
      return `skipped ${note.bytes} bytes of headers before the TCP payload of ${packets}${empty}`
    }
  }
}

function place({ line, column }: Place): string {
  return line === undefined ? `position ${column}` : `line ${line}, column ${column}`
}

function quoted(text: string): string {
  return JSON.stringify(text)
}

function misfit(byte: number, value: number | undefined, character: string | undefined): string {
  if (value === undefined) return `its characters go on with ${quoted(character!)} after its last byte`
  const hex = value.toString(16).padStart(2, '0')
  return character === undefined
    ? `its characters end before byte ${byte}, ${hex}`
    : `byte ${byte} is ${hex}, and its character is ${quoted(character)}`
}
