// toHaveFinding and toConform: what framewalk finds wrong with a capture, or with one connection.
import { FINDINGS, type FindingCode } from '../base/findings.ts'
import { isViolation, violationLine } from '../golden/conformance.ts'
import type { Capture, Connection } from '../records/model.ts'
import type { FindingRecord } from '../records/records.ts'
import { escapeText } from '../render/text/escape.ts'
import { hintOf, type MatcherContext, type MatcherResult } from './context.ts'
import { findingsOf } from './subject.ts'

/** What toConform allows. */
export interface ConformOptions {
  /** Violations that are known and accepted. */
  readonly allow?: FindingCode | readonly FindingCode[]
}

/** Passes if there is a finding with this code. */
export function toHaveFinding(
  this: MatcherContext,
  received: Capture | Connection,
  code: FindingCode,
): MatcherResult {
  checkCode(code, 'toHaveFinding')
  const findings = findingsOf(received, 'toHaveFinding')
  const fitting = findings.filter((finding) => finding.code === code)
  const pass = fitting.length > 0
  return {
    pass,
    message: () =>
      [
        hintOf(this, 'toHaveFinding', 'capture', 'code'),
        '',
        `Expected code: ${this.isNot === true ? 'not ' : ''}${this.utils.printExpected(code)}`,
        `Received findings:${listed(pass ? fitting : findings)}`,
      ].join('\n'),
  }
}

/** Passes if nobody broke the RFCs: there is no finding of severity `violation`, except allowed ones. */
export function toConform(
  this: MatcherContext,
  received: Capture | Connection,
  { allow = [] }: ConformOptions = {},
): MatcherResult {
  const allowed: readonly FindingCode[] = typeof allow === 'string' ? [allow] : allow
  const codes = new Set<string>(allowed)
  for (const code of allowed) checkCode(code, 'toConform')
  const violations = findingsOf(received, 'toConform').filter((finding) => isViolation(finding, codes))
  const besides = allowed.length === 0 ? '' : ` besides ${allowed.join(', ')}`
  return {
    pass: violations.length === 0,
    message: () =>
      [
        hintOf(this, 'toConform', 'capture', allowed.length === 0 ? '' : 'options'),
        '',
        `Expected: ${this.isNot === true ? 'violations' : 'no violations'} of RFC 6455 and RFC 7692${besides}`,
        `Received:${listed(violations)}`,
      ].join('\n'),
  }
}

function checkCode(code: FindingCode, matcher: string): void {
  if (Object.hasOwn(FINDINGS, code)) return
  throw new TypeError(
    `${matcher}: there is no finding code ${JSON.stringify(code)}; they are listed in node_modules/framewalk/src/base/README.md`,
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
