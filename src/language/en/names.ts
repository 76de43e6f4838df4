// Who sends, and what frames are called, in English.
import { OPCODE_NAMES } from '../../events.ts'

export const names = {
  client: 'client',
  server: 'server',
  /** Of an opcode, 0 … 15. */
  opcode: (opcode: number): string => OPCODE_NAMES[opcode] ?? `reserved-${opcode}`,
}
