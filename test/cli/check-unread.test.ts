// framewalk check and diff, if there is nothing to hold against a golden file: no connection, TLS that was not decrypted, packets
// that cannot be read, captures that are gone. None of it passes unless somebody asked for it.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeCapture } from '../../src/index.ts'
import { NO_PACKETS, REFUSED, UDP_ONLY, UNKNOWN_LINK } from '../support/builders/unread-captures.ts'
import { run } from '../support/drivers/command.ts'
import { fixtureKeyLog, fixturePath } from '../support/drivers/fixtures.ts'

const CHAT = writeCapture({ connections: [{ steps: [{ from: 'client', text: 'hello' }] }] })
const KEYS = ['--keylog', fixtureKeyLog('tls-chacha20')!]
const ACCEPT_TLS = ['--allow', 'tls-secrets-missing']
const GIVE_KEYS =
  'has TLS that was not decrypted (tls-secrets-missing); give its secrets with --keylog FILE, or accept that with --allow tls-secrets-missing'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-unread-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = (name: string, bytes: string | Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const fixture = (name: string): string => {
  cpSync(fixturePath(name), join(folder, 'tls.pcap'))
  return join(folder, 'tls.pcap')
}
const golden = (name: string) => JSON.parse(readFileSync(join(folder, `${name}.golden.json`), 'utf8'))
const lines = (text: string): string[] => text.replaceAll(`${folder}/`, '').split('\n').slice(0, -1)

describe('a capture without a connection', () => {
  const NO_CONNECTION: [name: string, bytes: Uint8Array, fact: string][] = [
    ['a refused upgrade', REFUSED, 'has no WebSocket connection (11 packets, 1 TCP connection)'],
    ['no packets', NO_PACKETS, 'has no WebSocket connection (0 packets, 0 TCP connections)'],
    ['UDP', UDP_ONLY, 'has no WebSocket connection: none of its 3 packets holds TCP (UDP 3)'],
  ]

  it.each(NO_CONNECTION)('check of %s fails, makes no golden file, and says why', async (_, bytes, fact) => {
    const path = file('none.pcap', bytes)
    for (const words of [[], ['--update'], ['--conform'], ['--conform', '--update']]) {
      const { status, stdout, stderr } = await run(['check', path, ...words])
      expect({ words, status }).toEqual({ words, status: 2 })
      expect(lines(stdout)).toEqual(['UNCHECKED  none.pcap', '1 capture: 1 failed'])
      expect(lines(stderr)).toEqual([
        `framewalk: none.pcap: ${fact}; record it anew, or accept that with --allow-empty`,
      ])
    }
    expect(readdirSync(folder)).toEqual(['none.pcap'])
  })

  it('with --allow-empty, check makes a golden file that says that there is no connection, and then it passes', async () => {
    const path = file('none.pcap', REFUSED)
    expect((await run(['check', path, '--allow-empty'])).status).toBe(1)
    const { status, stdout } = await run(['check', path, '--allow-empty', '--update'])
    expect(status).toBe(0)
    expect(stdout).toContain('none.golden.json created, with no connection\n')
    expect(golden('none').connections).toEqual([])
    const checked = await run(['check', path])
    expect(checked.status).toBe(0)
    expect(checked.stdout).toContain('equal to none.golden.json, which has no connection\n')
    expect((await run(['check', path, '--update'])).stdout).toMatch(/^unchanged/)
    expect((await run(['check', path, '--conform', '--allow-empty'])).status).toBe(0)
    file('none.pcap', CHAT)
    expect((await run(['check', path])).stdout).toContain('connection 1 was added')
  })

  it('check --update does not take the connections out of a golden file, unless that is asked for', async () => {
    const path = file('chat.pcap', CHAT)
    await run(['check', path, '--update'])
    file('chat.pcap', UDP_ONLY)
    const { status, stdout, stderr } = await run(['check', path, '--update'])
    expect([status, lines(stdout)[0]]).toEqual([2, 'UNCHECKED  chat.pcap'])
    expect(stderr).toContain('--allow-empty')
    expect(golden('chat').connections).toHaveLength(1)
    const checked = await run(['check', path, '--allow-empty'])
    expect(checked.status).toBe(1)
    expect(checked.stdout).toContain('connection 1 is missing')
    expect((await run(['check', path, '--update', '--allow-empty'])).status).toBe(0)
    expect(golden('chat').connections).toEqual([])
  })

  it('one such capture fails the check of its folder, and the others are checked all the same', async () => {
    file('chat.pcap', CHAT)
    await run(['check', folder, '--update'])
    file('none.pcap', REFUSED)
    const { status, stdout } = await run(['check', folder, '--conform'])
    expect(status).toBe(2)
    expect(lines(stdout)).toEqual([
      'equal      chat.pcap: equal to chat.golden.json',
      'UNCHECKED  none.pcap',
      '2 captures: 1 failed',
    ])
  })

  it('every report of such a capture is one of a failure', async () => {
    const path = file('none.pcap', REFUSED)
    const reported = async (reporter: string) => (await run(['check', path, '--reporter', reporter])).stdout
    expect(await reported('github')).toMatch(/^::error file=.*none\.pcap,.*has no WebSocket connection/)
    expect(await reported('junit')).toMatch(
      /errors="1"[\s\S]*<error type="unchecked" message=".*--allow-empty"/,
    )
    expect(JSON.parse(await reported('json'))).toMatchObject({
      passed: false,
      results: [
        { status: 'unchecked', passed: false, connections: 0, error: expect.stringContaining('none.pcap') },
      ],
    })
  })

  it('diff of two of them compares nothing: exit 2', async () => {
    const [one, other] = [file('one.pcap', REFUSED), file('other.pcap', REFUSED)]
    const { status, stdout, stderr } = await run(['diff', one, other])
    expect([status, stdout]).toEqual([2, ''])
    expect(lines(stderr)).toEqual([
      'framewalk: one.pcap: has no WebSocket connection (11 packets, 1 TCP connection); record it anew, or accept that with --allow-empty',
    ])
    expect((await run(['diff', one, one, '--allow-empty'])).stdout).toMatch(/^equal /)
    const some = await run(['diff', file('chat.pcap', CHAT), one])
    expect(some.status).toBe(1)
    expect(some.stdout).toContain('connection 1 is missing')
    expect(some.stderr).toContain('one.pcap: has no WebSocket connection')
  })

  it('diff of one of them and a golden file that has no connection either says equal', async () => {
    const path = file('none.pcap', REFUSED)
    await run(['check', path, '--update', '--allow-empty'])
    expect((await run(['diff', join(folder, 'none.golden.json'), path])).status).toBe(0)
  })
})

describe('a capture of which no packet can be read', () => {
  it('check and diff end with 2, whatever the golden file says and whatever is allowed', async () => {
    const path = file('link.pcap', REFUSED)
    await run(['check', path, '--update', '--allow-empty'])
    file('link.pcap', UNKNOWN_LINK)
    const line =
      'framewalk: link.pcap: none of its 2 packets can be read (unsupported link type USER0 2); record it on another interface'
    for (const words of [[], ['--conform'], ['--allow-empty'], ['--update', '--allow-empty']]) {
      const { status, stderr } = await run(['check', path, ...words])
      expect({ words, status, said: lines(stderr) }).toEqual({ words, status: 2, said: [line] })
    }
    const { status, stderr } = await run(['diff', path, file('chat.pcap', CHAT)])
    expect({ status, said: lines(stderr) }).toEqual({ status: 2, said: [line] })
  })
})

describe('a capture whose TLS was not decrypted', () => {
  it('check fails, makes no golden file, and asks for the secrets', async () => {
    const path = fixture('tls-chacha20')
    for (const words of [[], ['--update'], ['--conform'], ['--allow-empty', '--update']]) {
      const { status, stderr } = await run(['check', path, ...words])
      expect({ words, status, said: lines(stderr) }).toEqual({
        words,
        status: 2,
        said: [`framewalk: tls.pcap: ${GIVE_KEYS}`],
      })
    }
    expect(readdirSync(folder)).toEqual(['tls.pcap'])
    expect((await run(['check', path, '--update', ...KEYS])).status).toBe(0)
    expect(golden('tls').connections.length).toBeGreaterThan(0)
  })

  it('without the secrets, check names the differences and the cure, and --update leaves the golden file alone', async () => {
    const path = fixture('tls-chacha20')
    await run(['check', path, '--update', ...KEYS])
    const { status, stdout, stderr } = await run(['check', path])
    expect(status).toBe(1)
    expect(stdout).toContain('finding tls-secrets-missing was added')
    expect(lines(stderr)).toEqual([`framewalk: tls.pcap: ${GIVE_KEYS}`])
    const github = await run(['check', path, '--reporter', 'github'])
    expect(github.stdout).toContain('give its secrets with --keylog FILE')
    const before = golden('tls')
    expect((await run(['check', path, '--update'])).status).toBe(2)
    expect(golden('tls')).toEqual(before)
  })

  it('beside connections that were read, it is accepted with --allow, and then by the golden file', async () => {
    const path = fixture('tls-nginx')
    for (const words of [['--update'], ['--conform']]) {
      const { status, stderr } = await run(['check', path, ...words])
      expect({ status, said: lines(stderr) }).toEqual({
        status: 2,
        said: [`framewalk: tls.pcap: ${GIVE_KEYS}`],
      })
    }
    expect((await run(['check', path, '--conform', ...ACCEPT_TLS])).status).toBe(0)
    expect((await run(['check', path, '--update', ...ACCEPT_TLS])).status).toBe(0)
    expect(golden('tls').findings).toEqual([{ code: 'tls-secrets-missing', severity: 'capture' }])
    expect((await run(['check', path])).status).toBe(0)
    expect((await run(['check', path, '--conform'])).status).toBe(0)
  })

  it('diff of two of them is not equal, unless that is allowed', async () => {
    const path = fixture('tls-nginx')
    const { status, stdout, stderr } = await run(['diff', path, path])
    expect([status, stdout, lines(stderr)]).toEqual([2, '', [`framewalk: tls.pcap: ${GIVE_KEYS}`]])
    expect((await run(['diff', path, path, ...ACCEPT_TLS])).status).toBe(0)
  })

  it('diff allows no violations: it does not judge', async () => {
    const path = fixture('tls-nginx')
    const { status, stderr } = await run(['diff', path, path, '--allow', 'reserved-opcode'])
    expect([status, lines(stderr)]).toEqual([
      2,
      ['framewalk: --allow goes with --conform, for reserved-opcode'],
    ])
  })
})

describe('golden files and their captures', () => {
  it('check of a folder fails if the capture of a golden file is gone', async () => {
    file('a.pcap', CHAT)
    file('b.pcap', CHAT)
    await run(['check', folder, '--update'])
    rmSync(join(folder, 'b.pcap'))
    for (const words of [[], ['--update'], ['--conform']]) {
      const { status, stdout } = await run(['check', folder, ...words])
      expect(status).toBe(1)
      expect(lines(stdout)[1]).toBe(
        'OBSOLETE   b.golden.json: the capture of b.golden.json is gone; record it anew, or delete b.golden.json',
      )
    }
    expect(existsSync(join(folder, 'b.golden.json'))).toBe(true)
    expect((await run(['check', join(folder, 'a.pcap')])).status).toBe(0)
    expect((await run(['check', folder, '--reporter', 'junit'])).stdout).toContain('<failure type="obsolete"')
  })

  it('check refuses a capture that shares its golden file with another beside it, named or not', async () => {
    const path = file('same.pcap', CHAT)
    await run(['check', path, '--update'])
    for (const name of ['same.pcapng', 'same.pcap.gz', 'same.PCAP']) {
      const other = file(name, CHAT)
      for (const words of [[other], [path], [folder], [`${folder}/./${name}`, path]]) {
        const { status, stdout, stderr } = await run(['check', '--update', ...words])
        expect([status, stdout]).toEqual([2, ''])
        expect(lines(stderr)[0]).toMatch(/same\S+: has the same golden file as same\S+; rename one of them$/)
      }
      rmSync(other)
    }
    expect((await run(['check', path])).status).toBe(0)
  })
})
