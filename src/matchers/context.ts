// What a matcher gets from its test runner, and what it returns: the part that Vitest and Jest have in common.

/** `this` of a matcher. */
export interface MatcherContext {
  readonly isNot?: boolean | undefined
  readonly customTesters?: readonly unknown[]
  equals(one: unknown, other: unknown, customTesters?: readonly unknown[]): boolean
  readonly utils: {
    matcherHint(name: string, received?: string, expected?: string, options?: { isNot?: boolean }): string
    printReceived(value: unknown): string
    printExpected(value: unknown): string
    // biome-ignore lint/suspicious/noExplicitAny: the runners' types of the further parameters differ
    diff(expected: any, received: any, ...options: any[]): string | null | undefined
  }
  /** Both runners say here which snapshots are written: `all` with --update, `none` under CI, else `new`. */
  readonly snapshotState?: unknown
}

/** A verdict. Vitest shows the difference between `actual` and `expected` itself. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
  readonly actual?: unknown
  readonly expected?: unknown
}

/** A matcher such as `expect.stringContaining('ok')`. */
export interface Asymmetric {
  asymmetricMatch(other: unknown): boolean
}

/** The first line of a message, as the matchers of the runner itself print it. */
export function hintOf(context: MatcherContext, name: string, received: string, expected = ''): string {
  return context.utils.matcherHint(name, received, expected, { isNot: context.isNot === true })
}

/** A verdict that fails, negated or not: nothing may be concluded. */
export function failedEitherWay({ isNot }: MatcherContext, ...lines: readonly string[]): MatcherResult {
  return { pass: isNot === true, message: () => lines.join('\n\n') }
}
