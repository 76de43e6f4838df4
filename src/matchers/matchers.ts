// The matchers with their names, and their types in a test: the part that Vitest and Jest share.
import type { FindingCode } from '../base/findings.ts'
import { type ConformOptions, toConform, toHaveFinding } from './finding-matchers.ts'
import { type ExpectedFrame, toDecodeAs } from './frame-matcher.ts'
import { toMatchGolden } from './golden-matcher.ts'
import { type ExpectedMessage, toHaveMessages } from './message-matcher.ts'

export type { Asymmetric } from './context.ts'
export type { ExpectedMessage } from './message-matcher.ts'
export type { ConformOptions, ExpectedFrame }

/** For `expect.extend`. */
export const matchers = { toMatchGolden, toConform, toHaveMessages, toHaveFinding, toDecodeAs }

/** What they add to `expect`. */
export interface FramewalkMatchers<Result> {
  /**
   * The capture is what its golden file says: the one beside it (`chat.pcapng` and `chat.golden.json`), or the named one. As with
   * snapshots, a missing golden file is written, except under CI, and `--update` writes it anew.
   */
  toMatchGolden(goldenFile?: string | URL): Result
  /** Nobody broke RFC 6455 or RFC 7692: there is no finding of severity `violation`, except those that `allow` names. */
  toConform(options?: ConformOptions): Result
  /** These are all the messages, in their order. Of each, only the named fields are compared. */
  toHaveMessages(messages: readonly ExpectedMessage[]): Result
  /** There is a finding with this code. */
  toHaveFinding(code: FindingCode): Result
  /** The bytes are this frame, or these frames one after the other. Of each, only the named fields are compared. */
  toDecodeAs(frame: ExpectedFrame | readonly ExpectedFrame[]): Result
}
