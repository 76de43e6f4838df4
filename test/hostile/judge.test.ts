// The judge of attacks is told of everything that an attack must not achieve: programs that do it stand in for framewalk.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { growthFaultsOf, runFaultsOf, speedFaultsOf } from './judge.ts'
import { type Measured, measureAttack } from './measure.ts'

describe('the judge of attacks', () => {
  const CRASH = 'process.abort()'
  const HANG = 'for (;;);'
  const STALL = 'setInterval(() => {}, 1000)'
  const TRACE = "throw new Error('oh')"
  const ERROR_NAME = "console.error('framewalk: a.pcap: Error: EACCES'); process.exitCode = 2"
  const GREEDY = 'console.log(Buffer.alloc(450e6, 1).length)'
  const SILENT = ''
  const WELL = "console.error('framewalk: a.pcap: is not a capture; name another file'); process.exitCode = 2"
  it.each([
    ['a crash', CRASH, /ended with SIGABRT/],
    ['an endless loop', HANG, /ended with SIG(?:XCPU|KILL)/],
    ['what waits for ever', STALL, /ended with SIGKILL/],
    ['a stack trace', TRACE, /said/],
    ['the words of the runtime', ERROR_NAME, /said/],
    ['too much memory', GREEDY, /^took \d+ MB$/],
    ['silence', SILENT, /^printed nothing at all$/],
    ['nothing, if all is well', WELL, /^$/],
  ])('the judge of attacks names %s', async (_, program, expected) => {
    const prepare = (folder: string) => {
      writeFileSync(join(folder, 'main.mjs'), program)
      return { words: [], statuses: [0, 2] }
    }
    const faults = runFaultsOf(await measureAttack({ prepare }, 1, './main.mjs', 1))
    expect(faults.join('\n')).toMatch(expected)
  })

  it('the judge of attacks names work that grows with the square of the attack', async () => {
    const taking = (seconds: number) => ({ seconds }) as Measured
    expect(growthFaultsOf(taking(1.1), taking(16.1), 0.1)).toHaveLength(1)
    expect(growthFaultsOf(taking(1.1), taking(5.1), 0.1)).toEqual([])
  })

  it('the judge of attacks names a capture that is read slowly, whatever a process pays once', () => {
    const reading = (bytesIn: number, seconds: number) => ({ bytesIn, seconds }) as Measured
    expect(speedFaultsOf(reading(1e6, 2), reading(4e6, 2.7))).toEqual(['is read at 4.3 MB/s'])
    expect(speedFaultsOf(reading(1e6, 2), reading(4e6, 2.55))).toEqual([])
    expect(speedFaultsOf(reading(1e5, 2), reading(4e5, 2.4))).toEqual([])
  })

  it('a file that a command names three times is read three times', async () => {
    const prepare = (folder: string) => {
      writeFileSync(join(folder, 'main.mjs'), '')
      writeFileSync(join(folder, 'a.pcap'), 'a'.repeat(1000))
      return { words: ['a.pcap', 'a.pcap', 'a.pcap'], statuses: [0] }
    }
    expect((await measureAttack({ prepare }, 1, './main.mjs', 1)).bytesIn).toBe(3000)
  })
})
