// Which test files there are, and which of them `npm run test:quick` leaves out: browsers, long properties, other programs' opinions and the
// three tools, by their folders; and single files that take more than five seconds. It builds nothing, so tests that run dist/ are
// skipped as well (support/drivers/requirements.ts).
import { readdirSync } from 'node:fs'

const SLOW =
  /^(?:(?:bench|browser|damage|fuzz|hostile|oracle|property)\/|\w+\/hostile|golden\/mutations|tls\/(?:capture|secrecy))/

/** Paths of all test files, from test/ on. */
export function testFiles(): string[] {
  return readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.ts'),
  )
}

/** Whether `npm run test:quick` leaves a test file out. */
export function isSlow(file: string): boolean {
  return SLOW.test(file)
}
