// What some tests need of the machine: other programs, and the built dist/. Without it they are skipped and say so; with
// FRAMEWALK_REQUIRE_TOOLS=1 they fail. test/plan.ts prints the same before the tests start.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../../..')
/** What the build writes last, of each of its parts. */
const BUILT = ['dist/index.js', 'dist/cli/main.js', 'dist/page.html']
/** Debian's Python, which has Debian's packages. */
export const PYTHON = '/usr/bin/python3'
/** The browser that shows pages, if there is one. */
export const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)
/** The built command line. */
export const MAIN = join(ROOT, 'dist/cli/main.js')

/** Each program that tests need, and how one sees that it is there. */
export const TOOLS = {
  tshark: () => runs('tshark', '--version'),
  editcap: () => runs('editcap', '--version'),
  mergecap: () => runs('mergecap', '--version'),
  text2pcap: () => runs('text2pcap', '--version'),
  xxd: () => runs('xxd', '-v'),
  hexdump: () => runs('hexdump', '-n', '0', '/dev/null'),
  od: () => runs('od', '/dev/null'),
  tcpdump: () => runs('tcpdump', '--version'),
  python3: () => runs(PYTHON, '--version'),
  xmllint: () => runs('xmllint', '--version'),
  zstd: () => runs('zstd', '--version'),
  Chromium: () => CHROMIUM !== undefined,
  'python3-dask': () => runs(PYTHON, '-c', 'import dask.bag, distributed'),
} as const

/** True if tests that need these programs must be skipped. Throws if skipping is not allowed. */
export function skipWithout(...tools: readonly (keyof typeof TOOLS)[]): boolean {
  return tools.some((tool) => !TOOLS[tool]() && skipBecause(`${tool} is not installed`))
}

/**
 * True if tests that run dist/ must be skipped. Throws if it is older than src/: such a test would test other code than it seems to.
 * `npm run test:quick` builds nothing and skips them.
 */
export function skipWithoutBuild(): boolean {
  if (process.env.FRAMEWALK_QUICK === '1') return true
  const build = buildState()
  if (build === 'old') throw new Error('dist/ is older than src/: run npm run build first')
  return build === 'missing' && skipBecause('dist/ is missing: run npm run build first')
}

/** True if pages cannot be made, because their template was never built. It may be older than src/: what it shows is not looked at. */
export function skipWithoutPage(): boolean {
  return (
    !existsSync(join(ROOT, 'dist/page.html')) &&
    skipBecause('dist/page.html is missing: run npm run build first')
  )
}

/** True, with a word on the console, if tests may be skipped. */
export function skipBecause(reason: string): boolean {
  if (process.env.FRAMEWALK_REQUIRE_TOOLS === '1') throw new Error(reason)
  console.log(`skipped: ${reason}`)
  return true
}

function buildState(): 'missing' | 'old' | 'new' {
  if (!BUILT.every((file) => existsSync(join(ROOT, file)))) return 'missing'
  const changed = (file: string) => statSync(join(ROOT, file)).mtimeMs
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(?:tsx?|css|html|json)$/.test(file),
  )
  const newest = Math.max(...sources.map((file) => changed(join('src', file))))
  return Math.min(...BUILT.map(changed)) < newest ? 'old' : 'new'
}

function runs(program: string, ...words: string[]): boolean {
  return spawnSync(program, words).status === 0
}
