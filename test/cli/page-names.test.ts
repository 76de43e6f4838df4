// Names of captures in what is handed round: pages and golden files. Nothing in them tells in which folder of whose machine the captures were.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LessonData, ReportData } from '../../src/report/page-data.ts'
import { hostilePageCapture } from '../support/builders/hostile-page-capture.ts'
import { run } from '../support/drivers/command.ts'
import { fixturePath } from '../support/drivers/fixtures.ts'
import { entriesOf } from '../support/drivers/report-page.ts'
import { skipWithoutBuild } from '../support/drivers/requirements.ts'

/** A folder whose name would not come about by chance. */
const FOLDER = 'jane-doe-zq7x'

/** A page as it is, and all that it has embedded, inflated. */
function allOf(page: string): string {
  const blocks = page.matchAll(/<script type="application\/octet-stream" id="([^"]+)">([^<]*)<\/script>/g)
  return [
    page,
    ...[...blocks].map(([, , data]) => inflateRawSync(Buffer.from(data!, 'base64')).toString()),
  ].join()
}

function dataOf<Data>(page: string): Data {
  const [, data] = /id="data">([^<]*)</.exec(page)!
  return JSON.parse(inflateRawSync(Buffer.from(data!, 'base64')).toString())
}

describe('names of captures', () => {
  let temporary: string
  const at = (...parts: string[]): string => join(temporary, FOLDER, ...parts)
  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), 'framewalk-names-'))
    for (const folder of ['a', 'b']) mkdirSync(at(folder), { recursive: true })
    // Its damage is a finding that names the file.
    copyFileSync(fixturePath('cut-off'), at('a', 'chat.pcap'))
    copyFileSync(fixturePath('texts'), at('b', 'chat.pcap'))
    copyFileSync(fixturePath('article'), at('b', 'article.pcapng'))
  })
  afterAll(() => rmSync(temporary, { recursive: true }))

  async function page(command: 'report' | 'lesson', captures: readonly string[]): Promise<string> {
    const { stdout, stderr } = await run([command, ...captures, '-o', '-'])
    expect(stderr).toBe('')
    return stdout
  }

  describe.skipIf(skipWithoutBuild())('in pages', () => {
    it.each(['report', 'lesson'] as const)('a %s does not tell where its captures were', async (command) => {
      const captures = [at('a', 'chat.pcap'), at('b', 'article.pcapng')]
      const text = allOf(await page(command, captures))
      expect(text).toContain('chat.pcap')
      expect(text).toContain('article.pcapng')
      expect(text).not.toContain(FOLDER)
      expect(text).not.toContain(temporary)
    })

    it('captures with the same name stay two in a report, and its findings say which is damaged', async () => {
      const captures = [at('b', 'chat.pcap'), at('a', 'chat.pcap'), at('b', 'article.pcapng')]
      const text = await page('report', captures)
      const { files } = dataOf<ReportData>(text)
      const findings = entriesOf(text, 'finding').map(({ finding }) => finding)
      expect(files.map(({ name }) => name)).toEqual(['chat.pcap (1)', 'chat.pcap (2)', 'article.pcapng'])
      const damage = findings.find(({ code }) => code === 'truncated-capture')
      expect(damage?.values).toMatchObject({ file: 'chat.pcap (2)' })
    })

    it('a lesson names the captures that its examples come from', async () => {
      const { capture } = dataOf<LessonData>(
        await page('lesson', [at('a', 'chat.pcap'), at('b', 'chat.pcap')]),
      )
      expect(capture!.name).toBe('chat.pcap (1), chat.pcap (2)')
    })

    it('a name is text, whatever characters it has, and its folders of another system are left out', async () => {
      const name = 'C:\\Users\\jane\\<b>"\u202e.pcap'
      writeFileSync(at(name), hostilePageCapture())
      const text = await page('report', [at(name)])
      expect(text).not.toContain('<b>"')
      expect(dataOf<ReportData>(text).files.map((file) => file.name)).toEqual(['<b>"\u202e.pcap'])
    })
  })

  it('a golden file does not tell where its capture was', async () => {
    const { status } = await run(['check', '--update', at('a', 'chat.pcap')])
    expect(status).toBe(0)
    const golden = readFileSync(at('a', 'chat.golden.json'), 'utf8')
    expect(golden).toContain('truncated-capture')
    expect(golden).not.toContain(FOLDER)
  })

  it('records name captures as they were given', async () => {
    const { stdout } = await run([at('a', 'chat.pcap'), '--format', 'ndjson'])
    expect(JSON.parse(stdout.split('\n')[0]!).files[0].name).toBe(at('a', 'chat.pcap'))
  })
})
