// `import 'framewalk/jest'` in a test or a setup file of Jest, which runs with --experimental-vm-modules. The same as
// framewalk/vitest.
import { expect } from '@jest/globals'
import type { MatcherContext, MatcherResult } from './context.ts'
import { type FramewalkMatchers, matchers } from './matchers.ts'
import { snapshotSerializer } from './snapshot-serializer.ts'

export type * from './option-types.ts'

type Matcher = (this: MatcherContext, ...args: never[]) => MatcherResult

/** In Jest, the message has to show the difference. */
function withDifference(matcher: Matcher) {
  return function (this: MatcherContext, ...args: never[]): MatcherResult {
    const result = matcher.apply(this, args)
    if (result.expected === undefined || this.isNot === true) return result
    const { expected, actual, message } = result
    const difference = (): string => this.utils.diff(expected, actual, { expand: false }) ?? ''
    return { pass: result.pass, message: () => `${message()}\n\n${difference()}` }
  }
}

expect.extend(
  Object.fromEntries(
    Object.entries(matchers).map(([name, matcher]) => [name, withDifference(matcher as Matcher)]),
  ) as unknown as Parameters<typeof expect.extend>[0],
)
expect.addSnapshotSerializer(snapshotSerializer)

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends FramewalkMatchers<R, T> {}
}

// For @types/jest.
declare global {
  namespace jest {
    // biome-ignore lint: an augmentation must repeat the type parameters of what it adds to, as they are
    interface Matchers<R, T = {}> extends FramewalkMatchers<R, T> {}
  }
}
