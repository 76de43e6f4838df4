// Captures as the tools of Wireshark write them, held against what those tools say of them.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CaptureFiles } from '../../src/capture/merge.ts'
import { openInput } from '../../src/platform/node/input.ts'
import { nodePlatform } from '../../src/platform/node/platform.ts'
import { Blocks, bytesOf, kept, pcapFile, readBytes, someBytes } from '../support/builders/capture-bytes.ts'
import { skipWithout } from '../support/drivers/requirements.ts'

/** Formats that cut times to microseconds. */
const HAS_MICROSECONDS = ['pcap', 'modpcap']

const tools = ['tshark', 'editcap', 'mergecap', 'text2pcap'] as const

describe.skipIf(skipWithout(...tools))('captures that Wireshark wrote or reads', () => {
  let folder = ''
  const path = (name: string) => join(folder, name)
  const run = (tool: string, ...args: string[]) => {
    const { stdout, stderr, status } = spawnSync(tool, args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`${tool}: ${stderr}`)
    return stdout
  }

  /** Time, lengths and interface type of each packet, as tshark has them. */
  const packetsOfTshark = (name: string) =>
    run(
      'tshark',
      '-r',
      path(name),
      '-T',
      'fields',
      '-e',
      'frame.time_epoch',
      '-e',
      'frame.cap_len',
      '-e',
      'frame.len',
    )
      .trimEnd()
      .split('\n')

  const packetsOf = (file: Uint8Array) =>
    readBytes(file).packets.map(({ time, end, originalLength }) => {
      const seconds = time === undefined ? '' : `${time.seconds}.${String(time.nanoseconds).padStart(9, '0')}`
      return `${seconds}\t${end}\t${originalLength}`
    })

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'framewalk-tools-'))
    const records = Array.from({ length: 20 }, (_, index) => ({
      seconds: 1_700_000_000 + index,
      fraction: (index * 123_456_789) % 1_000_000_000,
      bytes: someBytes(20 + index * 13, index),
      originalLength: 60 + index * 13,
    }))
    writeFileSync(path('nano.pcap'), pcapFile(records, { nanoseconds: true }))
    writeFileSync(
      path('micro.pcap'),
      pcapFile(
        records.map((record) => ({ ...record, fraction: record.fraction / 1000 })),
        { littleEndian: false },
      ),
    )
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(['pcap', 'nsecpcap', 'modpcap', 'pcapng'])(
    'the reader reads what editcap writes as %s',
    (format) => {
      run('editcap', '-F', format, path('nano.pcap'), path(`out.${format}`))
      const file = readFileSync(path(`out.${format}`))
      expect(packetsOf(file)).toHaveLength(20)
      expect(packetsOf(file)).toEqual(packetsOfTshark(`out.${format}`))
      if (!HAS_MICROSECONDS.includes(format))
        expect(packetsOf(file)).toEqual(packetsOf(readFileSync(path('nano.pcap'))))
    },
  )

  it.each(['snoop', 'netmon1', 'netmon2', 'ngsniffer'])(
    'a capture that editcap writes as %s is refused with a command that makes it readable',
    (format) => {
      run('editcap', '-F', format, path('nano.pcap'), path('foreign'))
      let says = ''
      try {
        readBytes(readFileSync(path('foreign')), 'IN')
      } catch (error) {
        says = (error as Error).message
      }
      expect(says).toMatch(
        /^IN: is not a capture, but a .* capture; convert it with: editcap -F pcap IN OUT$/,
      )
      const [tool = '', ...words] = says.split(': ').at(-1)!.split(' ')
      run(tool, ...words.map((word) => ({ IN: path('foreign'), OUT: path('cured.pcap') })[word] ?? word))
      expect(packetsOf(readFileSync(path('cured.pcap')))).toHaveLength(20)
    },
  )

  it('the reader and tshark read the same in a big-endian file made here', () => {
    expect(packetsOf(readFileSync(path('micro.pcap')))).toEqual(packetsOfTshark('micro.pcap'))
  })

  it('the reader reads what text2pcap makes of a hex dump, secrets injected by editcap included', () => {
    writeFileSync(path('dump.txt'), '000000 c1 85 43 02 0a cf 71 36\n000008 3e cb 43\n')
    writeFileSync(path('keys.txt'), 'CLIENT_RANDOM 00 11\n')
    run('text2pcap', '-q', '-l', '147', path('dump.txt'), path('dump.pcapng'))
    run('editcap', '--inject-secrets', `tls,${path('keys.txt')}`, path('dump.pcapng'), path('keys.pcapng'))
    const { packets, secrets } = readBytes(readFileSync(path('keys.pcapng')))
    expect(Buffer.from(packets[0]!.bytes).toString('hex')).toBe('c18543020acf71363ecb43')
    expect(packets[0]!.linkType).toBe(147)
    expect(secrets).toEqual([
      { type: 0x544c534b, bytes: Uint8Array.from(Buffer.from('CLIENT_RANDOM 00 11\n')) },
    ])
  })

  it('two files are merged as mergecap does', async () => {
    run('editcap', '-t', '0.5', path('nano.pcap'), path('later.pcapng'))
    run('mergecap', '-w', path('merged.pcapng'), path('nano.pcap'), path('later.pcapng'))
    const inputs = await Promise.all([openInput(path('nano.pcap')), openInput(path('later.pcapng'))])
    const capture = new CaptureFiles(nodePlatform, inputs, () => {})
    const packets = []
    while (await capture.fill()) {
      for (let packet = capture.next(); packet !== undefined; packet = capture.next())
        packets.push(kept(packet))
    }
    const expected = readBytes(readFileSync(path('merged.pcapng'))).packets
    expect(packets).toHaveLength(40)
    expect(packets.map(({ time, bytes }) => ({ time, bytes }))).toEqual(
      expected.map(({ time, bytes }) => ({ time, bytes })),
    )
  })

  it('the reader and tshark read the same in odd pcapng files made here', () => {
    for (const littleEndian of [true, false]) {
      const blocks = new Blocks(littleEndian)
      const offset = blocks.option(14, blocks.writer.int64(1_600_000_000n).bytes)
      const file = bytesOf(
        blocks.section(),
        blocks.interface(1, 40),
        blocks.interface(1, 0, [blocks.option(9, [9]), offset]),
        blocks.interface(1, 0, [blocks.option(9, [0x80 | 20])]),
        blocks.enhanced(someBytes(30), 0, 1_700_000_000_123_456n, 99),
        blocks.enhanced(someBytes(31), 1, 100_000_000_123_456_789n),
        blocks.enhanced(someBytes(32), 2, (1_700_000_000n << 20n) + 524_288n),
        blocks.block(0x4711, someBytes(50)),
        blocks.obsolete(someBytes(31, 1), 1, 100_000_001_000_000_001n),
        new Blocks(!littleEndian).section(),
        new Blocks(!littleEndian).interface(1, 0, [new Blocks(!littleEndian).option(9, [3])]),
        new Blocks(!littleEndian).enhanced(someBytes(33), 0, 1_700_000_000_123n),
      )
      writeFileSync(path('odd.pcapng'), file)
      expect(packetsOf(file)).toHaveLength(5)
      expect(packetsOf(file)).toEqual(packetsOfTshark('odd.pcapng'))
    }
  })
})
