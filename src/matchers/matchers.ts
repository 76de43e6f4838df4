// The matchers with their names, and their types in a test: the part that Vitest and Jest share.
import type { FindingCode } from '../base/findings.ts'
import type { Capture, Connection } from '../records/model.ts'
import { type ConformOptions, toConform, toHaveFinding } from './finding-matchers.ts'
import { type ExpectedFrame, toDecodeAs } from './frame-matcher.ts'
import { type GoldenOptions, toMatchGolden } from './golden-matcher.ts'
import { type ExpectedMessage, toHaveMessages } from './message-matcher.ts'
import type { EmptyOptions } from './subject.ts'

/** For `expect.extend`. */
export const matchers = { toMatchGolden, toConform, toHaveMessages, toHaveFinding, toDecodeAs }

/**
 * What they add to `expect`, for a received value of this type. A matcher that does not take it is `never`: calling it does not
 * compile. `unknown` may be anything, and is checked at run time.
 */
export interface FramewalkMatchers<Result, Received = unknown> {
  /**
   * The capture is what its golden file says: the one beside it (`chat.pcapng` and `chat.golden.json`), or the named one. As with
   * snapshots, a missing golden file is written, except under CI, and `--update` writes it anew. A capture without a connection, or
   * with TLS that was not decrypted, fails, negated or not, unless its golden file says so; and it makes no golden file, unless
   * `allowEmpty` or `allow` asks for it.
   */
  toMatchGolden: For<Received, Capture, (golden?: string | URL | GoldenOptions) => Result>
  /**
   * Nobody broke RFC 6455 or RFC 7692: there is no finding of severity `violation`, except those that `allow` names. A capture
   * without a connection, or with TLS that was not decrypted, fails, negated or not, unless `allowEmpty` or `allow` accepts it.
   */
  toConform: For<Received, Capture | Connection, (options?: ConformOptions) => Result>
  /**
   * These are all the messages, in their order. Of each, only the named fields are compared. A capture without a connection fails,
   * negated or not, unless `allowEmpty` accepts it.
   */
  toHaveMessages: For<
    Received,
    Capture | Connection,
    (messages: readonly ExpectedMessage[], options?: EmptyOptions) => Result
  >
  /** There is a finding with this code. Negated, a capture without a connection fails, unless `allowEmpty` accepts it. */
  toHaveFinding: For<Received, Capture | Connection, (code: FindingCode, options?: EmptyOptions) => Result>
  /** The bytes are this frame, or these frames one after the other. Of each, only the named fields are compared. */
  toDecodeAs: For<Received, Uint8Array, (frame: ExpectedFrame | readonly ExpectedFrame[]) => Result>
}

/** The matcher, if a received value, or what a promise of it resolves to, may be a `Subject`. */
type For<Received, Subject, Matcher> = unknown extends Received
  ? Matcher
  : [Extract<Awaited<Received>, Subject>] extends [never]
    ? never
    : Matcher
