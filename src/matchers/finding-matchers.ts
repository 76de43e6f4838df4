// toHaveFinding and toConform: what framewalk finds wrong with a capture, or with one connection.
import { FINDINGS, type FindingCode } from '../base/findings.ts'
import { checkOptionNames, spelled } from '../base/option-check.ts'
import { isViolation, violationLine } from '../golden/conformance.ts'
import type { Capture, Connection } from '../records/model.ts'
import type { FindingRecord } from '../records/records.ts'
import { escapeText } from '../render/text/escape.ts'
import { failedEitherWay, hintOf, type MatcherContext, type MatcherResult } from './context.ts'
import { type EmptyOptions, emptyLine, findingsOf, unreadLine } from './subject.ts'

/** What toConform allows. */
export interface ConformOptions extends EmptyOptions {
  /** Violations that are known and accepted, and TLS that may stay encrypted (`tls-secrets-missing`). */
  readonly allow?: FindingCode | readonly FindingCode[]
}

/** Passes if there is a finding with this code. Negated, a capture without a connection fails. */
export function toHaveFinding(
  this: MatcherContext,
  received: Capture | Connection,
  code: FindingCode,
  options: EmptyOptions = {},
): MatcherResult {
  checkCode(code, 'toHaveFinding')
  checkOptionNames(options, ['allowEmpty'], 'toHaveFinding: ')
  const findings = findingsOf(received, 'toHaveFinding')
  const fitting = findings.filter((finding) => finding.code === code)
  const pass = fitting.length > 0
  const hint = hintOf(this, 'toHaveFinding', 'capture', 'code')
  const empty = emptyLine(received, options)
  if (!pass && this.isNot === true && empty !== undefined) return failedEitherWay(this, hint, empty)
  return {
    pass,
    message: () =>
      [
        hint,
        '',
        `Expected code: ${this.isNot === true ? 'not ' : ''}${this.utils.printExpected(code)}`,
        `Received findings:${listed(pass ? fitting : findings)}`,
      ].join('\n'),
  }
}

/**
 * Passes if nobody broke the RFCs: there is no finding of severity `violation`, except allowed ones. Fails, negated or not, if
 * there is none because not all was read.
 */
export function toConform(
  this: MatcherContext,
  received: Capture | Connection,
  options: ConformOptions = {},
): MatcherResult {
  checkOptionNames(options, ['allow', 'allowEmpty'], 'toConform: ')
  const allowed = codesOf(options.allow, 'toConform')
  const codes = new Set<string>(allowed)
  const violations = findingsOf(received, 'toConform').filter((finding) => isViolation(finding, codes))
  const besides = allowed.length === 0 ? '' : ` besides ${allowed.join(', ')}`
  const hint = hintOf(this, 'toConform', 'capture', allowed.length === 0 ? '' : 'options')
  const unread = unreadLine(received, { allowEmpty: options.allowEmpty === true, allowed: codes })
  if (violations.length === 0 && unread !== undefined) return failedEitherWay(this, hint, unread)
  return {
    pass: violations.length === 0,
    message: () =>
      [
        hint,
        '',
        `Expected: ${this.isNot === true ? 'violations' : 'no violations'} of RFC 6455 and RFC 7692${besides}`,
        `Received:${listed(violations)}`,
      ].join('\n'),
  }
}

/** The codes that an option `allow` names. Throws TypeError if it names something else. */
export function codesOf(
  allow: FindingCode | readonly FindingCode[] = [],
  matcher: string,
): readonly FindingCode[] {
  const codes = typeof allow === 'string' ? [allow] : allow
  if (!Array.isArray(codes))
    throw new TypeError(`${matcher}: allow: expected codes of findings, got ${spelled(codes)}`)
  for (const code of codes) checkCode(code, matcher)
  return codes
}

function checkCode(code: FindingCode, matcher: string): void {
  if (typeof code === 'string' && Object.hasOwn(FINDINGS, code)) return
  throw new TypeError(
    `${matcher}: there is no finding code ${spelled(code)}; they are listed in node_modules/framewalk/src/base/README.md`,
  )
}

/** How many findings are listed. Further ones are counted. */
const MOST_LISTED = 20

function listed(findings: readonly FindingRecord[]): string {
  if (findings.length === 0) return ' none'
  const lines = findings.slice(0, MOST_LISTED).map((finding) => `  ${escapeText(violationLine(finding))}`)
  if (findings.length > MOST_LISTED) lines.push(`  and ${findings.length - MOST_LISTED} more`)
  return ['', ...lines].join('\n')
}
