// "Cleanly" is said of a closing that breaks no rule, in the tables and on the page: real violations in, words out. The records say what was
// counted, and stay as they are.
import { describe, expect, it } from 'vitest'
import { run } from '../support/drivers/command.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'

/** Connections of the fixture with a close frame of each side, and what the peer did wrong as it closed. */
const BROKEN = {
  18: 'a body of one byte',
  19: 'code 1005',
  20: 'code 999',
  21: 'code 1004',
  22: 'a reason that is not UTF-8',
  23: 'data after its close frame',
}
/** Their faults came before the closing. */
const CLEAN = [12, 13, 25]

describe('how a connection ended', () => {
  it('the table of frames calls no closing clean that breaks a rule, and says which codes must not be sent', async () => {
    const { stdout } = await run([fixturePath('violations')], { columns: 300 })
    const ends = stdout.split('\n').filter((line) => /^connection \d+ closed/.test(line))
    const endOf = (connection: number) => ends.find((line) => line.startsWith(`connection ${connection} `))!
    for (const connection of Object.keys(BROKEN).map(Number))
      expect(endOf(connection)).toContain('closed, but not cleanly, with a close frame from each side')
    for (const connection of CLEAN) expect(endOf(connection)).toContain('closed cleanly, with a close frame')
    expect(
      ends.filter((line) => line.includes('must not be sent')).map((line) => /: \d+/.exec(line)![0]),
    ).toEqual([': 1005', ': 999', ': 1004'])
  })

  it('the table of connections calls no closing clean that breaks a rule', async () => {
    const { stdout } = await run(['connections', fixturePath('violations')], { columns: 200 })
    const rows = stdout.split('\n').map((line) => line.split('│').map((cell) => cell.trim()))
    const endOf = (connection: number) => rows.find((cells) => cells[1] === String(connection))!.at(-3)
    expect(Object.keys(BROKEN).map((connection) => endOf(Number(connection)))).toEqual([
      'two close frames, not clean',
      'two close frames, 1005 (invalid)',
      'two close frames, 999 (invalid)',
      'two close frames, 1004 (invalid)',
      'two close frames, 1000, not clean',
      'two close frames, 1000, not clean',
    ])
    expect(CLEAN.map(endOf)).toEqual(['clean, 1000', 'clean, 1000', 'clean, 1000'])
  })

  it('the words do not depend on what the filters drop', async () => {
    const ends = async (...filter: string[]) => {
      const { stdout } = await run([fixturePath('violations'), ...filter], { columns: 300 })
      return stdout.split('\n').filter((line) => /^connection \d+ closed/.test(line))
    }
    expect(await ends('--opcode', 'text')).toEqual(await ends())
  })
})
