// --tunnel-port of every command that reads captures, and `tunnelPorts` of the library.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { concat } from '../../src/base/bytes.ts'
import { readCapture, type TunnelPort } from '../../src/index.ts'
import { ethernet, hex, ipv4, Protocol, pcapFile, udp, utf8 } from '../support/builders/packet-builder.ts'
import { conversation, frame } from '../support/builders/tcp-conversation.ts'
import { run } from '../support/drivers/command.ts'
import { connectionsOf } from '../support/drivers/report-page.ts'
import { skipWithoutBuild } from '../support/drivers/requirements.ts'
import { shell } from '../support/drivers/shell.ts'

const MOVED = ['--tunnel-port', 'geneve=6082']
let folder: string
let capture: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'framewalk-tunnel-'))
  capture = join(folder, 'moved.pcap')
  // A conversation in GENEVE, on a port that is not GENEVE's.
  const packets = conversation([frame(0, { payload: utf8('through the tunnel') })]).map(({ bytes }) => {
    const payload = udp(50_000, 6082, concat([hex('00 00 6558 000007 00'), bytes]))
    return ethernet({ payload: ipv4({ protocol: Protocol.udp, payload }) })
  })
  writeFileSync(capture, pcapFile(packets))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('--tunnel-port', () => {
  it.each(['frames', 'messages', 'walk', 'diff'])('%s reads what is in the tunnel', async (command) => {
    const words = command === 'diff' ? [capture, capture] : [capture]
    const without = await run([command, ...words])
    expect(without.stdout).not.toContain('through the tunnel')
    const { status, stdout, stderr } = await run([command, ...words, ...MOVED])
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain(command === 'diff' ? 'equal' : 'through the tunnel')
  })

  it('check, connections and report read it too', async () => {
    expect((await run(['check', '--update', capture, ...MOVED])).status).toBe(0)
    expect((await run(['check', capture, ...MOVED])).status).toBe(0)
    expect((await run(['connections', capture, ...MOVED])).stdout).toContain('ws://example.org/chat')
  })

  it('may be given several times and with commas, before a capture', async () => {
    const words = ['--tunnel-port', 'vxlan=4790', '--tunnel-port', 'gre=9,geneve=6082', capture]
    expect((await run(words)).stdout).toContain('through the tunnel')
  })

  it.each([
    [
      'genev=6082',
      /^framewalk: --tunnel-port: "genev" is not a tunnel over UDP; there are vxlan, vxlan-gpe, geneve, .*wireguard\n$/,
    ],
    ['geneve', /^framewalk: --tunnel-port takes NAME=PORT, as in geneve=6082, not "geneve"\n$/],
    ['geneve=1=2', /^framewalk: --tunnel-port takes NAME=PORT, as in geneve=6082, not "geneve=1=2"\n$/],
    ['geneve=0', /^framewalk: --tunnel-port: 0 is not a UDP port, 1 to 65535\n$/],
    ['geneve=65536', /^framewalk: --tunnel-port: 65536 is not a UDP port, 1 to 65535\n$/],
    ['geneve=6e3', /^framewalk: --tunnel-port: "6e3" is not a UDP port, 1 to 65535\n$/],
    ['geneve=', /^framewalk: --tunnel-port: "" is not a UDP port, 1 to 65535\n$/],
    ['__proto__=1', /^framewalk: --tunnel-port: "__proto__" is not a tunnel over UDP; [^\n]*\n$/],
    [
      'geneve=7,vxlan=7',
      /^framewalk: --tunnel-port: port 7 is given to geneve and to vxlan; leave one of them out\n$/,
    ],
  ])('--tunnel-port %s is one line that says why, and exit status 2', async (word, says) => {
    const { status, stdout, stderr } = await run([capture, '--tunnel-port', word])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(says)
  })

  it.skipIf(skipWithoutBuild())('holds for every thread of --jobs, and for the page of a report', () => {
    const script = `framewalk messages moved.pcap moved.pcap --jobs 2 ${MOVED.join(' ')} &&
      framewalk report moved.pcap -o page.html ${MOVED.join(' ')}`
    const { status, stdout } = shell(folder, script)
    expect(status).toBe(0)
    expect(stdout.match(/through the tunnel/g)).toHaveLength(2)
    expect(connectionsOf(readFileSync(join(folder, 'page.html'), 'utf8'))).toHaveLength(1)
  })
})

describe('tunnelPorts of the library', () => {
  it('does the same', async () => {
    const ports: TunnelPort[] = [{ tunnel: 'geneve', port: 6082 }]
    const { connections } = await readCapture(capture, { tunnelPorts: ports })
    expect(connections[0]!.messages[0]!.text).toBe('through the tunnel')
  })

  it.each([
    [{ geneve: 6082 }, TypeError, 'tunnelPorts: expected a list of tunnels and ports, got an object'],
    [['geneve=6082'], TypeError, 'tunnelPorts: expected { tunnel, port }, got "geneve=6082"'],
    [[undefined], TypeError, 'tunnelPorts: expected { tunnel, port }, got undefined'],
    [[{ tunnel: 'geneve', port: '6082' }], RangeError, 'tunnelPorts: "6082" is not a UDP port, 1 to 65535'],
    [[{ tunnel: 'x', port: 1 }], RangeError, /^tunnelPorts: "x" is not a tunnel over UDP; there are vxlan, /],
  ])('refuses %j before anything is opened', async (tunnelPorts, kind, says) => {
    const reading = readCapture(join(folder, 'missing'), { tunnelPorts: tunnelPorts as never })
    await expect(reading).rejects.toThrow(says)
    await expect(reading).rejects.toBeInstanceOf(kind)
  })
})
