// The example suite (fixtures/example-suite) as a user runs it: the packed project, installed into an empty folder beside the user's own
// Vitest, once passing and once failing; and the matchers in the user's own Jest.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { skipWithoutBuild } from '../support/drivers/requirements.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PRINTED = join(import.meta.dirname, 'expected/example-suite-failing.txt')
const MINUTES = 60_000
const require = createRequire(import.meta.url)
const VITEST: string = require('vitest/package.json').version

let folder: string
let tarball: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-suite-'))
  // The tests run on the build as it is: building it again would pull it away from under the others.
  const packed = inFolder(ROOT, 'npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder)
  expect(packed.status, packed.stderr).toBe(0)
  tarball = join(folder, JSON.parse(packed.stdout)[0].filename)
}, 2 * MINUTES)
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(skipWithoutBuild())('the example suite', () => {
  it(
    'the example suite passes, and fails readably once the traffic has changed',
    (context) => {
      const suite = join(folder, 'suite')
      cpSync(join(ROOT, 'fixtures/example-suite'), suite, { recursive: true })
      writeFileSync(join(suite, 'package.json'), '{ "private": true, "type": "module" }')
      install(context, suite, tarball, `vitest@${VITEST}`, '@types/node@20')
      const vitest = () => inFolder(suite, 'npx', '--no-install', 'vitest', 'run')

      const passing = vitest()
      expect(passing.status, passing.stdout + passing.stderr).toBe(0)
      expect(passing.stdout).toMatch(/Tests {2}6 passed \(6\)/)

      const tsc = inFolder(suite, process.execPath, require.resolve('typescript/bin/tsc'), '-p', '.')
      expect({ status: tsc.status, said: tsc.stdout }).toEqual({ status: 0, said: '' })

      writeFileSync(join(suite, 'common.cjs'), COMMONJS)
      expect(inFolder(suite, process.execPath, 'common.cjs').stdout).toBe('5 ERR_PACKAGE_PATH_NOT_EXPORTED\n')

      // A new release of the server: another price, no confirmation, and one frame masked.
      const script = JSON.parse(readFileSync(join(suite, 'captures/prices.script.json'), 'utf8'))
      const { steps } = script.connections[0]
      steps[3].json.price = 12.8
      steps[3].mask = 'deadbeef'
      steps.splice(1, 1)
      writeFileSync(join(suite, 'changed.json'), JSON.stringify(script))
      const encode = ['--no-install', 'framewalk', 'encode', 'changed.json', '-o', 'captures/prices.pcap']
      expect(inFolder(suite, 'npx', ...encode).status).toBe(0)

      const failing = vitest()
      expect(failing.status).toBe(1)
      const printed = steady(failing.stdout + failing.stderr, suite)
      if (process.env['UPDATE'] === '1') writeFileSync(PRINTED, printed)
      expect(printed).toBe(readFileSync(PRINTED, 'utf8'))
    },
    5 * MINUTES,
  )
})

describe.skipIf(skipWithoutBuild())('framewalk/jest', () => {
  it(
    'the Jest matchers pass where they should, and fail readably where not',
    (context) => {
      const suite = join(folder, 'jest')
      mkdirSync(suite)
      cpSync(join(ROOT, 'fixtures/example-suite/captures'), join(suite, 'captures'), { recursive: true })
      const jestConfig = { testMatch: ['**/*.test.js'], transform: {} }
      writeFileSync(join(suite, 'package.json'), JSON.stringify({ type: 'module', jest: jestConfig }))
      writeFileSync(join(suite, 'prices.test.js'), JEST_TEST)
      install(context, suite, tarball, 'jest@30')
      const jest = inFolder(
        suite,
        process.execPath,
        '--experimental-vm-modules',
        'node_modules/jest/bin/jest.js',
        '--ci',
        '--no-color',
      )
      expect(jest.stderr).toMatch(/Tests: {7}2 failed, 3 passed, 5 total/)
      expect(jest.stderr).toMatch(/Snapshots: {3}1 passed/)
      expect(jest.stderr).toContain('expect(capture).toHaveFinding(code)')
      expect(jest.stderr).toContain('The capture has 5 messages, and 1 were expected.')
      expect(jest.stderr).toContain('-     "text": "hello",')
      expect(jest.stderr).toContain('+     "text": "bye",')
    },
    5 * MINUTES,
  )
})

const COMMONJS = `
const inside = import('framewalk/dist/analyze.js').catch((error) => error.code)
import('framewalk').then(async ({ readCapture }) => {
  const capture = await readCapture('captures/prices.pcap')
  console.log(capture.connections[0].messages.length, await inside)
})
`

const JEST_TEST = `
import { readCapture } from 'framewalk'
import 'framewalk/jest'
import { expect, test } from '@jest/globals'

const capture = await readCapture('captures/prices.pcap')
test('golden', () => expect(capture).toMatchGolden())
test('conform', () => {
  expect(capture).toConform()
  expect(Uint8Array.of(0x81, 0x02, 0x68, 0x69)).toDecodeAs({ opcode: 'text', text: 'hi' })
})
test('snapshot', () => {
  expect(capture.connections[0].frames.at(-1)).toMatchInlineSnapshot("<frame server close FIN 2 bytes 1000 ''>")
})
test('finding', () => expect(capture).toHaveFinding('gap'))
test('messages', () => expect(capture).toHaveMessages([{ from: 'client', text: 'hello' }]))
`

/** Skips the test, and says so, if the registry cannot be reached. */
function install(context: TestContext, suite: string, ...packages: string[]): void {
  const installed = inFolder(
    suite,
    'npm',
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    ...packages,
  )
  if (installed.status === 0) return
  const isOffline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED/.test(installed.stderr)
  if (isOffline && process.env['FRAMEWALK_REQUIRE_TOOLS'] !== '1')
    context.skip('the registry cannot be reached')
  throw new Error(installed.stderr)
}

/** Runs a command as a user would: on no terminal, without colours, and not from within these tests. */
function inFolder(cwd: string, command: string, ...words: string[]) {
  const { CI, VITEST: _, NODE_ENV, FORCE_COLOR, ...env } = process.env
  const own = Object.entries(env).filter(([name]) => !/^(npm_|VITEST|TEST$)/.test(name))
  return spawnSync(command, words, {
    cwd,
    env: { ...Object.fromEntries(own), NO_COLOR: '1', CI: '1' },
    encoding: 'utf8',
  })
}

/** What was printed, without what another run prints otherwise: durations, times of day, folders. */
function steady(printed: string, suite: string): string {
  return printed
    .replaceAll(suite, '~/suite')
    .replaceAll(/ \d+(\.\d+)?m?s\b( \(.*\))?/g, '')
    .replaceAll(/^ *(Start at|Duration).*\n/gm, '')
    .replaceAll(/^.*npm warn.*\n/gm, '')
    .replaceAll(/ +$/gm, '')
    .trim()
    .concat('\n')
}
