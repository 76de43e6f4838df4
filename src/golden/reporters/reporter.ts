// The report of a check, for a person or for a CI system: results in, text out.
import type { Look } from '../difference-text.ts'
import { githubReport } from './github.ts'
import { jsonReporter } from './json.ts'
import { junitReporter } from './junit.ts'
import type { Reporter } from './report.ts'
import { textReporter } from './text.ts'

export const REPORTER_NAMES = ['text', 'junit', 'github', 'json'] as const

export type ReporterName = (typeof REPORTER_NAMES)[number]

/** The reporter of a name. */
export function makeReporter(name: ReporterName, look: Look): Reporter {
  if (name === 'text') return textReporter(look)
  if (name === 'github') return { result: (result) => [githubReport(result)], end: () => [] }
  return name === 'junit' ? junitReporter() : jsonReporter()
}
