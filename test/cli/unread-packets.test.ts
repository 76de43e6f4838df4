// A capture of which no packet could be read is not taken for one without WebSocket: the results are written as always, and one line
// and exit status 2 say why.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NO_PACKETS, READ, UNREADABLE } from '../support/builders/unread-captures.ts'
import { run } from '../support/drivers/command.ts'
import { skipWithoutBuild } from '../support/drivers/requirements.ts'
import { shell } from '../support/drivers/shell.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-unread-packets-'))
  UNREADABLE.forEach(([, bytes], i) => {
    writeFileSync(join(folder, `unread-${i}.pcap`), bytes)
  })
  READ.forEach(([, bytes], i) => {
    writeFileSync(join(folder, `read-${i}.pcap`), bytes)
  })
  writeFileSync(join(folder, 'none.pcap'), NO_PACKETS)
})
afterAll(() => rmSync(folder, { recursive: true }))
const path = (name: string): string => join(folder, name)

describe('a capture of which no packet can be read', () => {
  it.each(UNREADABLE.map(([name, , says], i) => ({ name, says, file: `unread-${i}.pcap` })))(
    '$name: frames, connections and messages print what they always print, then one line, and end with 2',
    async ({ says, file }) => {
      for (const command of ['frames', 'connections', 'messages']) {
        for (const format of ['table', 'ndjson']) {
          const { status, stdout, stderr } = await run([command, path(file), '--format', format])
          expect([status, stderr]).toEqual([2, `framewalk: ${path(file)}: ${says}\n`])
          if (format === 'table') expect(stdout).toMatch(/\d packets?, [\d,]+ bytes, 0 TCP connections/)
          else expect(stdout).toMatch(/^\{"type":"capture".*\n(.*\n)*\{"type":"summary".*\n$/)
        }
      }
    },
  )

  it.each(UNREADABLE.map(([name, , says], i) => ({ name, says, file: `unread-${i}.pcap` })))(
    '$name: walk, check and diff say the same one line',
    async ({ says, file }) => {
      for (const words of [
        ['walk', path(file)],
        ['check', path(file)],
        ['check', path(file), '--allow-empty', '--update'],
        ['diff', path(file), path(file)],
        ['diff', path('none.pcap'), path(file), '--allow-empty'],
      ]) {
        const { status, stderr } = await run(words)
        expect([status, stderr]).toEqual([2, `framewalk: ${path(file)}: ${says}\n`])
      }
      expect(existsSync(path(file.replace('.pcap', '.golden.json')))).toBe(false)
    },
  )

  it('report and lesson write their page: it shows what was skipped', async () => {
    for (const command of ['report', 'lesson']) {
      const page = path(`${command}.html`)
      const { status, stderr } = await run([command, path('unread-0.pcap'), '-o', page])
      expect([status, stderr]).toEqual([2, `framewalk: ${path('unread-0.pcap')}: ${UNREADABLE[0]![2]}\n`])
      expect(existsSync(page)).toBe(true)
    }
  })

  it('several are one capture, named by the first; one that can be read is enough', async () => {
    const { status, stderr } = await run([path('unread-3.pcap'), path('unread-6.pcap')])
    expect(status).toBe(2)
    expect(stderr).toBe(
      `framewalk: ${path('unread-3.pcap')} and 1 other capture: none of its 5 packets can be read (ESP 3, QUIC 2); record it at an end of the tunnel\n`,
    )
    expect((await run([path('unread-3.pcap'), path('read-6.pcap')])).status).toBe(0)
  })

  it.skipIf(skipWithoutBuild())('--jobs prints it with its heading, and the others too', () => {
    const { status, stdout, stderr } = shell(
      folder,
      'framewalk --jobs 2 unread-3.pcap missing.pcap read-6.pcap',
    )
    expect(status).toBe(2)
    expect(stdout.match(/^capture .*$/gm)).toEqual(['capture unread-3.pcap', 'capture read-6.pcap'])
    expect(stderr.split('\n')).toEqual([
      `framewalk: unread-3.pcap: ${UNREADABLE[3]![2]}`,
      'framewalk: missing.pcap: no such file; check the path',
      '',
    ])
  })

  it('standard input is called by that name', () => {
    if (skipWithoutBuild()) return
    const { status, stderr } = shell(folder, 'framewalk - < unread-3.pcap')
    expect([status, stderr]).toEqual([2, `framewalk: standard input: ${UNREADABLE[3]![2]}\n`])
  })
})

describe('a capture that was read and has no WebSocket', () => {
  it.each(READ.map(([name], i) => ({ name, file: `read-${i}.pcap` })))(
    '$name ends with 0',
    async ({ file }) => {
      for (const command of ['frames', 'connections', 'messages']) {
        const { status, stderr } = await run([command, path(file)])
        expect([status, stderr]).toEqual([0, ''])
      }
    },
  )
})
