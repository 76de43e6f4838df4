// Says what `npm test` will run, about how long that takes, and what is skipped because a program is missing.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSlow, testFiles } from './files.ts'
import { TOOLS } from './support/drivers/requirements.ts'
// Says by itself that there are none.
import './support/drivers/published-captures.ts'

const isQuick = process.argv.includes('--quick')
/** By the processor time that it takes (nine minutes, the build included), halved: the tests keep two cores busy. */
const TAKES = isQuick ? 'under a minute' : 'about 5 minutes'

const files = testFiles().filter((file) => !isQuick || !isSlow(file))
console.log(`${files.length} test files: ${TAKES} on two idle cores.`)
if (isQuick) console.log('Left out: browsers, long properties, and tests that run dist/. npm test runs them.')
for (const [tool, isThere] of Object.entries(TOOLS)) {
  const needing = files.filter((file) => needs(file, tool))
  if (needing.length > 0 && !isThere())
    console.log(`${tool} is missing; skipped without it: tests in ${needing.join(', ')}`)
}

/** By what the file asks for (support/drivers/requirements.ts). */
function needs(file: string, tool: string): boolean {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8')
  if (tool === 'Chromium') return text.includes('skipWithoutPages()')
  return text.includes('skipWithout(') && text.includes(`'${tool}'`)
}
