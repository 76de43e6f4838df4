// What is written with -o and by check --update: never onto an input, never through a link that was put in its way, as a whole or not
// at all, and nothing is left behind.
import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { fixtureKeyLog, fixturePath, fixtureSecrets } from '../support/drivers/fixtures.ts'
import { MAIN, skipWithoutBuild } from '../support/drivers/requirements.ts'
import { contents, ended, shell as inFolder, start } from '../support/drivers/shell.ts'

const SCRIPT = '{"connections": [{"steps": [{"from": "client", "text": "hello"}]}]}'
const ONE_LINE = /^framewalk: [^\n]+\n$/
/** What Node and the system say. */
const MACHINE_WORDS = /\bE[A-Z]{3,}\b|Error:|errno|syscall|no such file or directory/
const NOBODY = 65_534

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'framewalk-outputs-')))
  mkdirSync(join(folder, 'sub'))
  copyFileSync(fixturePath('article'), join(folder, 'in.pcapng'))
  writeFileSync(join(folder, 'in.json'), SCRIPT)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const path = (name: string): string => join(folder, name)
const shell = (script: string, env: Record<string, string> = {}) => inFolder(folder, script, env)
/** The names in the folder that the test did not make. */
const others = (...own: string[]): string[] =>
  readdirSync(folder).filter((name) => !['sub', 'in.pcapng', 'in.json', ...own].includes(name))

/** Copies the built command into a folder. */
function copyCommand(to: string): void {
  const root = resolve(MAIN, '../../..')
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(to, name), { recursive: true })
}

describe.skipIf(skipWithoutBuild())('an output never overwrites an input', () => {
  /** The same file, by each of the names that a machine has for it. `IN` is the input, `FOLDER` is where it lies. */
  const NAMES: readonly (readonly [what: string, prepare: string, input: string, output: string])[] = [
    ['its name', '', 'IN', 'IN'],
    ['a symbolic link to it', 'ln -s IN link', 'IN', 'link'],
    ['a hard link to it', 'ln IN hard', 'IN', 'hard'],
    ['the name of what standard input is', 'exec < IN', '-', 'IN'],
    ['/dev/stdout', 'exec >> IN', 'IN', '/dev/stdout'],
    ['its name with a dot before it', '', 'IN', './IN'],
    ['a way around', '', 'IN', 'sub/../IN'],
    ['its absolute name', '', 'IN', 'FOLDER/IN'],
    ['its relative name, if the input is absolute', '', 'FOLDER/IN', 'IN'],
    ['the file that the input is a link to', 'ln -s IN link', 'link', 'IN'],
    ['a link to a link to it', 'ln -s ../IN sub/link; ln -s sub/link link', 'IN', 'link'],
    ['a link in a folder that is a link', 'ln -s . here', 'IN', 'here/IN'],
    ['a hard link to what standard input is', 'ln IN hard; exec < IN', '-', 'hard'],
    ['/dev/stdin', 'exec 0<> IN', '-', '/dev/stdin'],
    ['the file that the input /dev/stdin is', 'exec < IN', '/dev/stdin', 'IN'],
    ['the file that the input /proc/self/fd/0 is', 'exec < IN', '/proc/self/fd/0', 'IN'],
    ['the file that the input /dev/fd/3 is', 'exec 3< IN', '/dev/fd/3', 'IN'],
    ['/dev/fd/3', 'exec 3<> IN', 'IN', '/dev/fd/3'],
    ['standard output', 'exec 1<> IN', 'IN', '-'],
  ]
  /** They all ask the same code: each name is tried with one of them, and the first names with each. */
  const COMMANDS = [
    ['report', 'in.pcapng', NAMES],
    ['lesson', 'in.pcapng', NAMES.slice(0, 5)],
    ['encode', 'in.json', NAMES.slice(0, 5)],
  ] as const
  it.each(
    COMMANDS.flatMap(([command, input, names]) => names.map((name) => [command, input, ...name] as const)),
  )('%s does not write %s over itself: by %s', (command, input, _, ...words) => {
    const before = readFileSync(path(input))
    const [prepare, read, written] = words.map((word) =>
      word.replaceAll('IN', input).replaceAll('FOLDER', folder),
    )
    const { status, stderr } = shell(`${prepare}\nframewalk ${command} ${read} -o ${written}`)
    expect(readFileSync(path(input)).equals(before)).toBe(true)
    expect(stderr).toMatch(ONE_LINE)
    expect(stderr).toMatch(/: would (overwrite|be written into) the input; /)
    expect(status).toBe(2)
    expect(others('link', 'here', 'hard')).toEqual([])
  })

  it.each([
    ['a key log', 'tls-12', '--keylog', 'secret'],
    ['the key log of SSLKEYLOGFILE', 'tls-12', 'SSLKEYLOGFILE', 'secret'],
    ['the second of two key logs', 'tls-12', '--keylog', 'secret --keylog other'],
    ['an RSA key', 'tls-rsa', '--rsa-key', 'secret'],
  ])('report does not write over %s', (_, capture, option, words) => {
    const secret = fixtureKeyLog(capture) ?? fixtureSecrets(capture).rsaKey!
    copyFileSync(secret, path('secret'))
    copyFileSync(secret, path('other'))
    const env = option === 'SSLKEYLOGFILE' ? { [option]: 'secret' } : {}
    for (const output of ['secret', ...(words.includes('other') ? ['other'] : [])]) {
      const given = option === 'SSLKEYLOGFILE' ? '' : `${option} ${words}`
      const { status, stderr } = shell(
        `framewalk report ${resolve(fixturePath(capture))} ${given} -o ${output}`,
        env,
      )
      expect(stderr).toContain(`framewalk: ${output}: would overwrite the input; name another file with -o\n`)
      expect(status).toBe(2)
    }
    expect(readFileSync(path('secret'))).toEqual(readFileSync(secret))
    expect(readFileSync(path('other'))).toEqual(readFileSync(secret))
  })

  it('report does not write over any of several captures', () => {
    copyFileSync(fixturePath('nginx'), path('second.pcap'))
    const { status } = shell('framewalk report in.pcapng second.pcap -o second.pcap')
    expect(status).toBe(2)
    expect(readFileSync(path('second.pcap'))).toEqual(readFileSync(fixturePath('nginx')))
  })

  it('report does not write over the template that every page is made of', () => {
    copyCommand(folder)
    const before = readFileSync(path('dist/page.html'))
    const { status, stderr } = shell(
      `"${process.execPath}" dist/cli/main.js report in.pcapng -o dist/page.html`,
    )
    expect(readFileSync(path('dist/page.html')).equals(before)).toBe(true)
    expect(stderr).toMatch(ONE_LINE)
    expect(status).toBe(2)
  })

  it.each([
    'frames in.pcapng',
    'connections --jobs 1 in.pcapng',
    'messages --format ndjson in.pcapng',
    'walk in.pcapng',
    'diff in.pcapng sub/other.pcap',
    'check in.pcapng',
    'frames -',
  ])('framewalk %s does not print into the capture that it reads', (words) => {
    copyFileSync(fixturePath('nginx'), path('sub/other.pcap'))
    const before = readFileSync(path('in.pcapng'))
    for (const redirection of ['>>', '1<>']) {
      const { status, stderr } = shell(`exec < in.pcapng; framewalk ${words} ${redirection} in.pcapng`)
      expect(readFileSync(path('in.pcapng')).equals(before)).toBe(true)
      expect(stderr).toMatch(
        /framewalk: standard output: would be written into the input; redirect it to another file\n$/,
      )
      expect(status).toBe(2)
    }
  })

  it('report does not write over a file that becomes its input while it reads', async () => {
    const keys = readFileSync(fixtureKeyLog('tls-12')!)
    writeFileSync(path('keys'), keys)
    writeFileSync(path('page.html'), 'of before')
    const child = start(folder, ['report', '-', '--keylog', 'keys', '-o', 'page.html'])
    child.stdin!.write(readFileSync(fixturePath('tls-12')))
    await vi.waitFor(() => expect(others('keys', 'page.html')).toHaveLength(1), { timeout: 60_000 })
    unlinkSync(path('page.html'))
    linkSync(path('keys'), path('page.html'))
    child.stdin!.end()
    const { status, stderr } = await ended(child)
    expect(readFileSync(path('keys')).equals(keys)).toBe(true)
    expect(statSync(path('page.html')).ino).toBe(statSync(path('keys')).ino)
    expect(stderr).toBe('framewalk: page.html: would overwrite the input; name another file with -o\n')
    expect(status).toBe(2)
    expect(others('keys', 'page.html')).toEqual([])
  })
})

describe.skipIf(skipWithoutBuild())('an output uses no name but its own', () => {
  it.each(['report', 'lesson'])('%s reads x.part and writes x', (command) => {
    copyFileSync(path('in.pcapng'), path('x.part'))
    expect(shell(`framewalk ${command} x.part -o x`)).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(readFileSync(path('x.part'))).toEqual(readFileSync(path('in.pcapng')))
    expect(readFileSync(path('x'), 'utf8')).toContain('</html>')
  })

  it.each([
    ['report in.pcapng', 'page.html', 'page.html.part'],
    ['lesson', 'page.html', 'page.html.part'],
    ['encode in.json', 'page.html', 'page.html.part'],
    ['check --update in.pcapng', 'in.golden.json', 'in.golden.json.unfinished'],
  ])('%s does not write through a link or a pipe that waits for it', (words, output, trap) => {
    writeFileSync(path('victim'), 'of somebody else')
    symlinkSync('victim', path(trap))
    const option = words.startsWith('check') ? '' : `-o ${output}`
    expect(shell(`framewalk ${words} ${option}`).status).toBe(0)
    expect(readFileSync(path('victim'), 'utf8')).toBe('of somebody else')
    expect(readlinkSync(path(trap))).toBe('victim')
    unlinkSync(path(trap))
    unlinkSync(path(output))
    expect(shell(`mkfifo ${trap}; framewalk ${words} ${option}`).status).toBe(0)
    expect(lstatSync(path(trap)).isFIFO()).toBe(true)
    expect(statSync(path(output)).size).toBeGreaterThan(100)
    expect(others(output, trap, 'victim')).toEqual([])
  })

  it('two reports at once leave one whole page', async () => {
    const all = [
      start(folder, ['report', '-', '-o', 'page.html']),
      start(folder, ['report', '-', '-o', 'page.html']),
    ]
    for (const child of all) child.stdin!.write(readFileSync(path('in.pcapng')))
    await vi.waitFor(() => expect(others()).toHaveLength(2), { timeout: 60_000 })
    for (const child of all) child.stdin!.end()
    for (const { status, stderr } of await Promise.all(all.map(ended)))
      expect([status, stderr]).toEqual([0, ''])
    expect(others()).toEqual(['page.html'])
    expect(shell('framewalk report - -o alone.html < in.pcapng').status).toBe(0)
    expect(readFileSync(path('page.html')).equals(readFileSync(path('alone.html')))).toBe(true)
  })
})

describe.skipIf(skipWithoutBuild())('an output that fails', () => {
  it.each([
    ['report missing.pcap', 'missing.pcap: no such file; check the path'],
    ['report in.json', 'is not a capture'],
    ['report sub', 'is a directory'],
    ['report in.pcapng missing.pcap', 'missing.pcap: no such file; check the path'],
    ['report in.pcapng --keylog missing', 'missing: no such file; check the path'],
    ['report in.pcapng --frame 0', '--frame'],
    ['lesson missing.pcap', 'missing.pcap: no such file; check the path'],
    ['lesson in.json', 'is not a capture'],
    ['encode missing.json', 'missing.json: no such file; check the path'],
    ['encode bad.json', 'bad.json:1:1: not JSON'],
    ['encode --binary 0g', '--binary'],
  ])('%s touches neither the file of that name nor its folder', (words, says) => {
    writeFileSync(path('bad.json'), 'nonsense')
    const target = path('sub')
    writeFileSync(join(target, 'page.html'), 'of somebody else')
    writeFileSync(join(target, 'page.html.part'), 'of somebody else')
    const before = statSync(target, { bigint: true }).mtimeNs
    const { status, stderr } = shell(`framewalk ${words} -o sub/page.html`)
    expect([status, stderr]).toEqual([2, expect.stringMatching(ONE_LINE)])
    expect(stderr).toContain(says)
    expect(contents(target)).toEqual({
      'page.html': 'of somebody else',
      'page.html.part': 'of somebody else',
    })
    // No file came and went in it either.
    expect(statSync(target, { bigint: true }).mtimeNs).toBe(before)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'report leaves nothing behind after %s',
    async (signal) => {
      writeFileSync(path('page.html'), 'of before')
      const child = start(folder, ['report', '-', '-o', 'page.html'])
      child.stdin!.write(readFileSync(path('in.pcapng')))
      await vi.waitFor(() => expect(others('page.html')).toHaveLength(1), { timeout: 60_000 })
      expect(readFileSync(path('page.html'), 'utf8')).toBe('of before')
      child.kill(signal)
      expect(await ended(child)).toEqual({ status: null, signal, stderr: '' })
      expect(others('page.html')).toEqual([])
      expect(readFileSync(path('page.html'), 'utf8')).toBe('of before')
    },
  )

  const LONG = 'n'.repeat(300)
  const REFUSED: readonly (readonly [what: string, prepare: string, output: string, says: string])[] = [
    ['a folder', '', 'sub', 'is a directory; name another file with -o'],
    ['a missing folder', '', 'none/x', 'no such folder; make it, or name another file with -o'],
    ['a full device', '', '/dev/full', 'the disk is full; make room on it, or name another file with -o'],
    ['a pipe that nobody reads', 'mkfifo p', 'p', 'nobody reads this pipe; start its reader first, or '],
    ['a link to a folder', 'ln -s sub link', 'link', 'is a directory; name another file with -o'],
    ['a name that ends as a folder does', '', 'new/', 'is a directory; name another file with -o'],
    ['a link into a missing folder', 'ln -s none/x link', 'link', 'no such folder; make it, or '],
    [
      'a file instead of a folder',
      '',
      'in.json/x',
      'a part of the path is not a folder; check the path, or ',
    ],
    [
      'a name that is too long',
      '',
      LONG,
      'the name is too long; check the path, or name another file with -o',
    ],
    [
      'links in a circle',
      'ln -s b a; ln -s a b',
      'a',
      'symbolic links lead in a circle; check the path, or ',
    ],
    [
      'a descriptor that is not open',
      '',
      '/dev/fd/77',
      'is not open to be written; check how it is redirected',
    ],
    [
      'a descriptor to be read',
      'exec 3< /dev/null',
      '/dev/fd/3',
      'is not open to be written; check how it is',
    ],
    ['no name', '', "''", 'names no file; name one, or - for standard output'],
    ['two names', '', 'x -o y', 'was given twice; give it once'],
  ]
  const COMMANDS = [
    ['report in.pcapng', REFUSED],
    ['lesson', REFUSED.slice(0, 4)],
    ['encode in.json', REFUSED.slice(0, 4)],
    ['encode --text hello', REFUSED.slice(0, 1)],
  ] as const
  it.each(COMMANDS.flatMap(([words, all]) => all.map((refused) => [words, ...refused] as const)))(
    '%s says in one line why it cannot write to %s',
    (words, _, prepare, output, says) => {
      const { status, stdout, stderr } = shell(`${prepare}\nframewalk ${words} -o ${output}`)
      expect(stderr).toMatch(ONE_LINE)
      expect(stderr).toContain(`: ${says}`.replace(/^: (names|was)/, '-o $1'))
      expect(stderr).not.toMatch(MACHINE_WORDS)
      expect([status, stdout]).toEqual([2, ''])
      expect(others('a', 'b', 'p', 'link')).toEqual([])
    },
  )

  it.each([
    ['report in.pcapng', '-o page.html'],
    ['lesson', '-o page.html'],
    ['encode big.json', '-o page.html'],
    ['check --update in.pcapng', ''],
  ])('%s leaves what was there if the file gets too large', (words, option) => {
    const text = 'x'.repeat(100_000)
    writeFileSync(path('big.json'), SCRIPT.replace('hello', text))
    const file = option === '' ? 'in.golden.json' : 'page.html'
    if (option === '') {
      expect(shell('framewalk check --update in.pcapng').status).toBe(0)
      const golden = JSON.parse(readFileSync(path(file), 'utf8'))
      writeFileSync(path(file), JSON.stringify({ ...golden, connections: [] }))
    } else writeFileSync(path(file), 'of before')
    const before = readFileSync(path(file), 'utf8')
    const { status, stderr } = shell(
      `ulimit -f ${option === '' ? 0 : 16}; framewalk ${words} ${option} 2>&1 | cat >&2; exit \${PIPESTATUS[0]}`,
    )
    expect(stderr).toContain(
      `${file}: is larger than its disk, or your limit (ulimit -f), allows; make the limit larger`,
    )
    expect(stderr).not.toMatch(MACHINE_WORDS)
    expect(status).toBe(2)
    expect(readFileSync(path(file), 'utf8')).toBe(before)
    expect(others(file, 'big.json')).toEqual([])
  })

  it('report says so if its folder goes away', async () => {
    mkdirSync(path('away'))
    const child = start(folder, ['report', '-', '-o', 'away/page.html'])
    child.stdin!.write(readFileSync(path('in.pcapng')))
    await vi.waitFor(() => expect(readdirSync(path('away'))).toHaveLength(1), { timeout: 60_000 })
    rmSync(path('away'), { recursive: true })
    child.stdin!.end()
    const { status, stderr } = await ended(child)
    expect(stderr).toBe(
      'framewalk: away/page.html: its folder was changed while it was written; write it again\n',
    )
    expect(status).toBe(2)
  })

  it('report does not move what somebody put in the place of its unfinished page', async () => {
    const child = start(folder, ['report', '-', '-o', 'page.html'])
    child.stdin!.write(readFileSync(path('in.pcapng')))
    await vi.waitFor(() => expect(others()).toHaveLength(1), { timeout: 60_000 })
    const [unfinished] = others()
    unlinkSync(path(unfinished!))
    symlinkSync('in.json', path(unfinished!))
    child.stdin!.end()
    const { status, stderr } = await ended(child)
    expect(stderr).toMatch(/^framewalk: page.html: its folder was changed while it was written; /)
    expect(status).toBe(2)
    expect(readFileSync(path('in.json'), 'utf8')).toBe(SCRIPT)
    expect(existsSync(path('page.html'))).toBe(false)
  })

  it('report says so if its name becomes a folder', async () => {
    const child = start(folder, ['report', '-', '-o', 'page.html'])
    child.stdin!.write(readFileSync(path('in.pcapng')))
    await vi.waitFor(() => expect(others()).toHaveLength(1), { timeout: 60_000 })
    mkdirSync(path('page.html'))
    child.stdin!.end()
    const { status, stderr } = await ended(child)
    expect(stderr).toBe('framewalk: page.html: is a directory; move it away, or name another file with -o\n')
    expect(status).toBe(2)
    expect(others('page.html')).toEqual([])
  })
})

describe.skipIf(skipWithoutBuild() || process.geteuid?.() !== 0)(
  'an output where somebody else has a say',
  () => {
    /** A copy of the command that everybody may read, wherever the checkout is. */
    let copy: string
    beforeAll(() => {
      copy = mkdtempSync(join(tmpdir(), 'framewalk-copy-'))
      copyCommand(copy)
      chmodSync(copy, 0o755)
    })
    afterAll(() => rmSync(copy, { recursive: true }))
    const becomeNobody = `process.setgroups([]);process.setgid(${NOBODY});process.setuid(${NOBODY})`
    /** Runs the command as nobody, to whom everything in the folder belongs. */
    const asNobody = (words: string) =>
      shell(`"${process.execPath}" "${copy}/dist/cli/main.js" ${words}`, {
        NODE_OPTIONS: `--import=data:text/javascript,${becomeNobody}`,
      })
    beforeEach(() => {
      for (const name of ['', 'sub', 'in.pcapng', 'in.json']) chownSync(path(name), NOBODY, NOBODY)
    })

    it.each(['report in.pcapng', 'lesson', 'encode in.json'])(
      '%s says so if the folder is read-only',
      (words) => {
        chmodSync(path('sub'), 0o555)
        const { status, stderr } = asNobody(`${words} -o sub/page.html`)
        expect(stderr).toBe(
          'framewalk: sub/page.html: permission denied; make the file and its folder writable for you, or name another file with -o\n',
        )
        expect(status).toBe(2)
      },
    )

    it.each(['report in.pcapng', 'lesson', 'encode in.json'])(
      '%s does not replace a file that is write-protected',
      (words) => {
        writeFileSync(path('page.html'), 'of before', { mode: 0o444 })
        chownSync(path('page.html'), NOBODY, NOBODY)
        const { status, stderr } = asNobody(`${words} -o page.html`)
        expect(stderr).toMatch(
          /^framewalk: page\.html: permission denied; make the file and its folder writable/,
        )
        expect(status).toBe(2)
        expect(readFileSync(path('page.html'), 'utf8')).toBe('of before')
        expect(others('page.html')).toEqual([])
      },
    )

    it('check --update says so if the folder is read-only', () => {
      chmodSync(folder, 0o555)
      const { status, stderr } = asNobody('check --update in.pcapng')
      expect(stderr).toBe(
        'framewalk: in.golden.json: permission denied; make the file and its folder writable for you\n',
      )
      expect(status).toBe(2)
    })

    it("in a folder such as /tmp, report replaces no one else's file, and follows no one else's link", () => {
      chownSync(path('sub'), 0, 0)
      chmodSync(path('sub'), 0o1777)
      writeFileSync(path('sub/page.html'), 'of root')
      chmodSync(path('sub/page.html'), 0o666)
      writeFileSync(path('victim'), 'of nobody')
      chownSync(path('victim'), NOBODY, NOBODY)
      symlinkSync('../victim', path('sub/link'))
      const { status, stderr } = asNobody('report in.pcapng -o sub/page.html')
      expect(stderr).toMatch(/^framewalk: sub\/page\.html: permission denied; [^\n]+\n$/)
      expect(status).toBe(2)
      expect(contents(path('sub'))).toEqual({ 'page.html': 'of root' })
      chownSync(path('sub'), 1, 1)
      const mayFollow = readFileSync('/proc/sys/fs/protected_symlinks', 'utf8').trim() === '0'
      const followed = asNobody('report in.pcapng -o sub/link')
      expect(followed.status).toBe(mayFollow ? 0 : 2)
      if (!mayFollow) expect(readFileSync(path('victim'), 'utf8')).toBe('of nobody')
    })

    it('an output that root replaces still belongs to who had it', () => {
      expect(shell('umask 077; touch page.html; chmod 640 page.html; chown 65534:1 page.html').status).toBe(0)
      expect(shell('framewalk report in.pcapng -o page.html').status).toBe(0)
      const { uid, gid, mode } = statSync(path('page.html'))
      expect([uid, gid, mode & 0o777]).toEqual([NOBODY, 1, 0o640])
    })

    it('an output that cannot keep its group lets the new one do no more than everybody', () => {
      writeFileSync(path('page.html'), 'of before')
      chownSync(path('page.html'), NOBODY, 1)
      chmodSync(path('page.html'), 0o660)
      expect(asNobody('report in.pcapng -o page.html').status).toBe(0)
      const { gid, mode } = statSync(path('page.html'))
      expect([gid, mode & 0o777]).toEqual([NOBODY, 0o600])
    })
  },
)

describe.skipIf(skipWithoutBuild())('an output that was there', () => {
  const COMMANDS = ['report in.pcapng', 'lesson', 'encode in.json']

  it.each(COMMANDS)('%s replaces a file, with its permissions, and leaves its other names alone', (words) => {
    writeFileSync(path('page.html'), 'of before')
    chmodSync(path('page.html'), 0o604)
    linkSync(path('page.html'), path('kept'))
    expect(shell(`framewalk ${words} -o page.html`)).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(statSync(path('page.html')).size).toBeGreaterThan(100)
    expect(statSync(path('page.html')).mode & 0o777).toBe(0o604)
    expect(readFileSync(path('kept'), 'utf8')).toBe('of before')
    expect(others('page.html', 'kept')).toEqual([])
  })

  it.each(COMMANDS)('%s gives a new file the permissions that the umask leaves', (words) => {
    expect(shell(`umask 027; framewalk ${words} -o page.html`).status).toBe(0)
    expect(statSync(path('page.html')).mode & 0o777).toBe(0o640)
  })

  it.each(COMMANDS)('%s writes the file behind a link, also if it is not there yet', (words) => {
    symlinkSync('sub', path('folder'))
    symlinkSync('folder/../real', path('link'))
    for (const before of ['missing', 'there']) {
      expect(shell(`framewalk ${words} -o link`)).toEqual({ status: 0, stdout: '', stderr: '' })
      expect(lstatSync(path('link')).isSymbolicLink()).toBe(true)
      expect(lstatSync(path('real')).isFile(), before).toBe(true)
      expect(statSync(path('real')).size).toBeGreaterThan(100)
    }
    expect(others('link', 'real', 'folder')).toEqual([])
  })

  it('a link in a folder that is a link leads to where the machine says', () => {
    mkdirSync(path('elsewhere'))
    mkdirSync(path('elsewhere/deep'))
    symlinkSync('elsewhere/deep', path('here'))
    symlinkSync('../page.html', path('elsewhere/deep/link'))
    expect(shell('framewalk lesson -o here/link').status).toBe(0)
    expect(others('elsewhere', 'here')).toEqual([])
    expect(readdirSync(path('elsewhere')).sort()).toEqual(['deep', 'page.html'])
  })

  it.each(COMMANDS)('%s writes into a device, a pipe and an open descriptor as they are', (words) => {
    const page = shell(`framewalk ${words} -o page.html; wc -c < page.html`)
    for (const script of [
      `mkfifo pipe; (wc -c < pipe) & exec 3> pipe; framewalk ${words} -o pipe; status=$?; exec 3>&-; wait; exit $status`,
      `framewalk ${words} -o >(wc -c); status=$?; sleep 0.3; exit $status`,
      `framewalk ${words} -o /dev/stdout | wc -c; exit \${PIPESTATUS[0]}`,
      `framewalk ${words} -o /dev/fd/3 3> three; status=$?; wc -c < three; exit $status`,
    ])
      expect(shell(script)).toEqual(page)
    expect(shell(`framewalk ${words} -o /dev/null`)).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(lstatSync(path('pipe')).isFIFO()).toBe(true)
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true)
    // What is redirected to be appended is appended.
    expect(shell(`echo before > log; framewalk ${words} -o /dev/stdout >> log; head -n 1 log`).stdout).toBe(
      'before\n',
    )
    expect(statSync(path('log')).size).toBe(Number(page.stdout) + 'before\n'.length)
  })

  it.each(COMMANDS)('%s ends when the reader of its pipe has gone', (words) => {
    const { status, stderr } = shell(
      `mkfifo pipe; (head -c 1 > first) < pipe & exec 3> pipe; framewalk ${words} -o pipe 3>&-`,
    )
    expect([status, stderr]).toEqual([0, ''])
  })

  it('a socket may be standard input and standard output at once', async () => {
    let answer = ''
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.end(readFileSync(path('in.pcapng')))
      socket.on('data', (part: Buffer) => {
        answer += part
      })
    })
    await new Promise<void>((done) => server.listen(path('socket'), done))
    const socket = connect(path('socket'))
    await new Promise((done) => socket.once('connect', done))
    const child = spawn(process.execPath, [MAIN, 'connections', '-'], { stdio: [socket, socket, 'pipe'] })
    expect(await ended(child)).toEqual({ status: 0, signal: null, stderr: '' })
    socket.destroy()
    await new Promise((done) => server.close(done))
    expect(answer).toBe(shell('framewalk connections in.pcapng').stdout)
  })

  it('a key log that is a device is not an input that could be overwritten', () => {
    const { status } = shell('framewalk report in.pcapng -o /dev/null', { SSLKEYLOGFILE: '/dev/null' })
    expect(status).toBe(0)
  })
})

describe.skipIf(skipWithoutBuild())('golden files', () => {
  it('check --update writes the golden file behind a link, also if it is not there yet', () => {
    symlinkSync('sub/shared.json', path('in.golden.json'))
    expect(shell('framewalk check --update in.pcapng').status).toBe(0)
    expect(lstatSync(path('in.golden.json')).isSymbolicLink()).toBe(true)
    const golden = JSON.parse(readFileSync(path('sub/shared.json'), 'utf8'))
    expect(golden.level).toBe('messages')
    writeFileSync(path('sub/shared.json'), JSON.stringify({ ...golden, connections: [] }))
    expect(shell('framewalk check --update in.pcapng').status).toBe(0)
    expect(lstatSync(path('in.golden.json')).isSymbolicLink()).toBe(true)
    expect(shell('framewalk check in.pcapng').status).toBe(0)
    expect(readdirSync(path('sub'))).toEqual(['shared.json'])
  })

  it('check --update writes over nothing that it reads', () => {
    for (const input of ['in.pcapng', 'keys']) {
      copyFileSync(fixtureKeyLog('tls-12')!, path('keys'))
      const before = readFileSync(path(input))
      linkSync(path(input), path('in.golden.json'))
      const { status, stderr } = shell('framewalk check --update --keylog keys in.pcapng')
      expect(readFileSync(path(input)).equals(before)).toBe(true)
      expect(stderr).toMatch(ONE_LINE)
      expect(status).toBe(2)
      unlinkSync(path('in.golden.json'))
    }
    copyFileSync(path('in.pcapng'), path('x.golden.json'))
    expect(shell('framewalk check --update x.golden.json').status).toBe(2)
    expect(readFileSync(path('x.golden.json'))).toEqual(readFileSync(path('in.pcapng')))
  })

  it('check --update says in one line that a folder is in the place of a golden file', () => {
    mkdirSync(path('in.golden.json'))
    const { status, stderr } = shell('framewalk check --update in.pcapng')
    expect(stderr).toMatch(/^framewalk: in\.golden\.json: is a directory; [^\n]+\n$/)
    expect(status).toBe(2)
  })
})
