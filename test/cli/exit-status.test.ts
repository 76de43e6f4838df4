// The exit status says how it went, also if nobody can read what was printed: 1 only ever means that a comparison found differences.
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { main } from '../../src/cli/main.ts'
import type { Streams } from '../../src/cli/terminal/streams.ts'
import { run } from '../support/drivers/command.ts'
import { fixtureKeyLog, fixturePath } from '../support/drivers/fixtures.ts'
import { skipWithoutBuild } from '../support/drivers/requirements.ts'
import { ended, shell as inFolder, start } from '../support/drivers/shell.ts'

const FAULT_OF_FRAMEWALK =
  'framewalk: this is a fault of framewalk, not of what you gave it; please report it as SECURITY.md says, with the command, its input, and the versions of framewalk and Node\n'
const DISK_IS_FULL = 'framewalk: standard output: the disk is full; make room on it\n'

let folder: string
const shell = (script: string, env: Record<string, string> = {}) => inFolder(folder, script, env)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-status-'))
  for (const name of ['article', 'cut-off', 'nginx', 'tls-12'])
    copyFileSync(fixturePath(name), join(folder, `${name}.pcap`))
  copyFileSync(fixtureKeyLog('tls-12')!, join(folder, 'keys'))
  writeFileSync(join(folder, 'script.json'), '{"connections": []}')
  writeFileSync(join(folder, 'bad.json'), 'nonsense')
  // Golden files: one that is right, one of other traffic.
  mkdirSync(join(folder, 'equal'))
  mkdirSync(join(folder, 'other'))
  for (const name of ['equal', 'other']) copyFileSync(fixturePath('article'), join(folder, name, 'a.pcap'))
  await run(['check', '--update', join(folder, 'equal')])
  const golden = JSON.parse(readFileSync(join(folder, 'equal/a.golden.json'), 'utf8'))
  writeFileSync(join(folder, 'other/a.golden.json'), JSON.stringify({ ...golden, connections: [] }))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Of each command: one that ends well, and one of each way to end otherwise. */
const RUNS: readonly (readonly [words: string, status: number])[] = [
  ['frames article.pcap', 0],
  ['frames cut-off.pcap', 3],
  ['frames missing.pcap', 2],
  ['frames --frmae 1', 2],
  ['frames tls-12.pcap', 0],
  ['connections article.pcap', 0],
  ['connections cut-off.pcap --format ndjson', 3],
  ['connections bad.json', 2],
  ['connections --jobs 2 article.pcap missing.pcap', 2],
  ['messages article.pcap', 0],
  ['messages --jobs 2 article.pcap cut-off.pcap', 3],
  ['messages', 2],
  ['walk c1 85 43 02 0a cf 71 36 3e cb 43', 0],
  ['walk article.pcap', 0],
  ['walk zz', 2],
  ['report article.pcap', 0],
  ['report cut-off.pcap', 3],
  ['report missing.pcap', 2],
  ['lesson', 0],
  ['lesson cut-off.pcap', 3],
  ['lesson missing.pcap', 2],
  ['check equal', 0],
  ['check other', 1],
  ['check missing.pcap', 2],
  ['check bad.json', 2],
  ['diff article.pcap article.pcap', 0],
  ['diff article.pcap nginx.pcap', 1],
  ['diff article.pcap missing.pcap', 2],
  ['diff article.pcap', 2],
  ['encode --text hello', 0],
  ['encode script.json', 0],
  ['encode bad.json', 2],
  ['encode --text a --ping b', 2],
  ['--help', 0],
  ['report --help', 0],
  ['--version', 0],
  ['no-such-command --x', 2],
]

describe.skipIf(skipWithoutBuild())('the exit status', () => {
  it.each(RUNS)(
    'framewalk %s ends with %i, whatever becomes of what it prints, and with 2 if that finds no room',
    (words, status) => {
      // A key log that the environment names is announced on standard error.
      const env = { SSLKEYLOGFILE: 'keys' }
      const script = [
        `framewalk ${words} > plain 2> said; echo $?`,
        `framewalk ${words} 2> /dev/full > full; echo $?`,
        `framewalk ${words} 2>&- > closed; echo $?`,
        // The reader has gone before the first line.
        `{ { framewalk ${words} > gone; echo $? >&3; } 2>&1 | exec true; } 3>&1`,
        `framewalk ${words} >&- 2> said-closed; echo $?`,
        'cmp plain full && cmp plain closed && cmp plain gone && cmp said said-closed',
        `framewalk ${words} > /dev/full 2> said-full; echo $?`,
        `framewalk ${words} > /dev/full 2> /dev/full; echo $?`,
      ]
      const { stdout } = shell(script.join('\n'), env)
      expect(stdout).toBe(`${`${status}\n`.repeat(5)}2\n2\n`)
      const [plain, said, saidFull] = ['plain', 'said', 'said-full'].map((name) =>
        readFileSync(join(folder, name), 'utf8'),
      )
      expect(saidFull).toEqual(plain === '' ? said : expect.stringContaining(DISK_IS_FULL))
    },
  )

  it('a reader of standard output that leaves is not an error', () => {
    for (const words of [
      'frames article.pcap',
      'report article.pcap',
      'lesson',
      'encode script.json',
      '--help',
    ])
      expect(shell(`framewalk ${words} | exec true; exit \${PIPESTATUS[0]}`)).toEqual({
        status: 0,
        stdout: '',
        stderr: '',
      })
  })

  it('--help and --version are printed whole', async () => {
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    const { status, stdout, stderr } = await run(['diff', '--help'])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^framewalk diff .*\n$/s)
    expect(stdout).toContain('--level')
  })

  it('a folder that is gone is told in one line', () => {
    const { status, stderr } = shell('mkdir left; cd left; rmdir ../left; framewalk ../article.pcap')
    expect([status, stderr]).toEqual([
      2,
      'framewalk: the current folder is gone; change into one that is there\n',
    ])
  })

  it.each([
    ['/nonexistent', 'no such folder; make it, or name another folder with TMPDIR'],
    ['script.json', 'a part of the path is not a folder; check the path, or name another folder with TMPDIR'],
  ])('--jobs says in one line that it has no folder for its files: %s', (folder, says) => {
    const { status, stdout, stderr } = shell('framewalk --jobs 2 article.pcap nginx.pcap', { TMPDIR: folder })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^framewalk: [^\n]+\n$/)
    expect(stderr).toContain(says)
  })

  it('--jobs says of each capture that its files got too large', () => {
    mkdirSync(join(folder, 'temporary'))
    const { status, stderr } = shell(
      `ulimit -f 0; framewalk --jobs 2 article.pcap nginx.pcap 2>&1 | cat >&2; exit \${PIPESTATUS[0]}`,
      { TMPDIR: join(folder, 'temporary') },
    )
    expect(stderr).toMatch(
      /^(framewalk: \S+temporary\/framewalk-\w+: is larger than its disk, [^\n]*, or name another folder with TMPDIR\n){2}$/,
    )
    expect(status).toBe(2)
    expect(readdirSync(join(folder, 'temporary'))).toEqual([])
  })

  it.each([
    ['exec 0> written', 'standard input: is not open to be read; check how it is redirected', 'frames -'],
    ['exec < .', 'standard input: is a directory; name the capture files in it', 'frames -'],
    ['', `${'n'.repeat(300)}.golden.json: the name is too long; check the path`, `check ${'n'.repeat(300)}`],
    ['ln -sf b a; ln -sf a b', 'a: symbolic links lead in a circle; check the path', 'frames a'],
    ['', 'article.pcap/x: no such file; check the path', 'report article.pcap/x -o x.html'],
  ])('what the machine refuses is said in our words: %s %s', (prepare, says, words) => {
    const { status, stderr } = shell(`${prepare}\nframewalk ${words}`)
    expect([status, stderr]).toEqual([2, `framewalk: ${says}\n`])
  })

  it('a pipe with bytes instead of a capture is told what reads them', () => {
    const named = shell('echo 8105 | framewalk -')
    expect([named.status, named.stdout]).toEqual([2, ''])
    expect(named.stderr).toMatch(/^framewalk: [^\n]*its text is bytes, which this reads: framewalk walk -\n$/)
    const bare = shell('echo 8105 | framewalk')
    expect([bare.status, bare.stderr]).toEqual([
      2,
      'framewalk: no capture was named; give one or more files, or - for standard input (bytes of frames: framewalk walk -)\n',
    ])
    expect(shell('echo 8100 | framewalk walk -').stdout).toBe(shell('framewalk walk 81 00').stdout)
  })
})

describe.skipIf(skipWithoutBuild())('a fault of framewalk', () => {
  /** What the environment makes Node run in the command: an exception in the middle of its work. */
  const exception = (thrown: string) => ({
    NODE_OPTIONS: `--import=data:text/javascript,process.on('SIGUSR2',()=>{throw%20${thrown}})`,
  })

  it.each(["new%20TypeError('x')", "new%20RangeError('Maximum')", '0', 'new%20Error()'])(
    'an exception (%s) that nobody catches ends with 2 and one line, and leaves no file',
    async (thrown) => {
      const child = start(folder, ['report', '-', '-o', 'page.html'], exception(thrown))
      const before = readdirSync(folder)
      child.stdin!.write(readFileSync(fixturePath('article')))
      await vi.waitFor(() => expect(readdirSync(folder)).toHaveLength(before.length + 1), { timeout: 60_000 })
      child.kill('SIGUSR2')
      expect(await ended(child)).toEqual({ status: 2, signal: null, stderr: FAULT_OF_FRAMEWALK })
      expect(readdirSync(folder)).toEqual(before)
    },
  )

  it('an exception that ends a command is one line without its text; FRAMEWALK_STACK shows where it came from', async () => {
    for (const [env, says] of [
      [{}, new RegExp(`^${FAULT_OF_FRAMEWALK}$`)],
      [{ FRAMEWALK_STACK: '1' }, /^framewalk: [^\n]+\nTypeError: Cannot read.+ at .*exit-status\.test\.ts/s],
    ] as const) {
      let said = ''
      const stdout = {
        get columns(): number {
          return (undefined as unknown as { width: number }).width
        },
      }
      const stderr = {
        on() {},
        write(text: string) {
          said += text
        },
      }
      expect(await main(['--help'], { stdout, stderr, env } as unknown as Streams)).toBe(2)
      expect(said).toMatch(says)
    }
  })
})

describe('work that is unfinished when a signal comes', () => {
  const INTERRUPT = new URL('../../src/platform/node/interrupt.ts', import.meta.url).href
  /** Runs a program that has `beforeInterrupt` and `wait`, which blocks as a synchronous write does. */
  const runProgram = (program: string) =>
    spawnSync(
      process.execPath,
      [
        ...['--import', 'tsx', '--input-type=module', '-e'],
        `import { beforeInterrupt } from '${INTERRUPT}'
         const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
         ${program}`,
      ],
      { encoding: 'utf8' },
    )

  it('a signal during a synchronous write ends the process after it, and is not lost', () => {
    const { signal, stdout } = runProgram(`
      const done = beforeInterrupt(() => console.log('put away'))
      process.kill(process.pid, 'SIGINT')
      wait()
      done()
      setTimeout(() => console.log('went on'), 1000)`)
    expect([signal, stdout]).toEqual(['SIGINT', ''])
  })

  it('all that is unfinished is put away, once, also if the process ends itself', () => {
    const { status, stdout } = runProgram(`
      beforeInterrupt(() => console.log('one'))
      beforeInterrupt(() => console.log('two'))
      const done = beforeInterrupt(() => console.log('three'))
      done()
      process.exit(5)`)
    expect([status, stdout]).toEqual([5, 'one\ntwo\n'])
  })

  it('a program around it that listens to signals decides whether it ends', () => {
    const { status, signal, stdout } = runProgram(`
      process.on('SIGTERM', () => console.log('heard'))
      beforeInterrupt(() => console.log('put away'))
      process.kill(process.pid, 'SIGTERM')
      setTimeout(() => process.exit(4), 300)`)
    expect([status, signal, stdout]).toEqual([4, null, 'heard\nput away\n'])
  })

  it('when all is finished, a signal ends the process as if nothing had been', () => {
    const { signal } = runProgram(`
      beforeInterrupt(() => {})()
      setTimeout(() => {
        if (process.listenerCount('SIGINT') + process.listenerCount('exit') > 0) process.exit(6)
        process.kill(process.pid, 'SIGINT')
      }, 50)
      setTimeout(() => {}, 5000)`)
    expect(signal).toBe('SIGINT')
  })
})
