// For the compiler alone (npm run typecheck): in Jest, the matchers have the same types as in Vitest. What is marked as an error must
// not compile. wrongly-green.test.ts has the same lines for Vitest, and runs them.
import type { expect as JestExpect } from '@jest/globals'
import type { Capture } from '../../src/index.ts'
import type {} from '../../src/matchers/jest.ts'

/** Never called. */
export function inJest(jest: typeof JestExpect, capture: Capture): unknown {
  return [
    jest(capture).toConform({ allow: 'gap' }),
    jest(capture).not.toHaveMessages([{ text: 'hello' }]),
    jest(Promise.resolve(capture)).resolves.toMatchGolden({ allowEmpty: true }),
    jest(Uint8Array.of(0x81, 0)).toDecodeAs({ opcode: 'text' }),
    // @ts-expect-error A number is not a capture.
    jest(42).toConform(),
    // @ts-expect-error A path is not a capture.
    jest('chat.pcap').toMatchGolden(),
    // @ts-expect-error There is no such opcode.
    jest(Uint8Array.of(0x81, 0)).toDecodeAs({ opcode: 'txt' }),
  ]
}
