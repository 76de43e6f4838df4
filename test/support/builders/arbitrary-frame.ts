// Any frame with a short payload, legal or not, in any length form.
import fc from 'fast-check'
import type { LengthForm } from '../../../src/websocket/header.ts'

export const arbitraryFrame = fc.record({
  fin: fc.boolean(),
  rsv1: fc.boolean(),
  rsv2: fc.boolean(),
  rsv3: fc.boolean(),
  opcode: fc.nat(15),
  maskingKey: fc.option(fc.nat(0xffffffff), { nil: undefined }),
  payload: fc.uint8Array({ maxLength: 125 }),
  lengthForm: fc.constantFrom<LengthForm>(7, 16, 64),
})
