// framewalk report: a capture as a page to look at.
import { limitsWith } from '../base/limits.ts'
import { PageWriter } from '../report/fill-template.ts'
import { ReportWriter } from '../report/report.ts'
import { languageOf } from './language-option.ts'
import { captureArguments } from './options.ts'
import { reportLimits } from './page-options.ts'
import { PAGE_TEMPLATES, readPageTemplate } from './page-template.ts'
import { openCaptures, type ReadingResult, readCaptures, statusOf } from './reading.ts'
import { selects } from './select.ts'
import { isElsewhere, namedOutput } from './terminal/named-output.ts'
import type { Streams } from './terminal/streams.ts'
import { readTlsSecrets, secretFiles } from './tls-secrets.ts'

/** Runs the command and returns the exit status. Throws InputError for a fault that the user can mend. */
export async function report(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  const args = captureArguments(argv)
  const embedded = reportLimits(argv)
  const secrets = await readTlsSecrets(argv, streams)
  const template = await readPageTemplate()
  const inputs = [...args.captures, ...secretFiles(argv, streams), ...PAGE_TEMPLATES]
  const output = namedOutput(argv, inputs, 'a page is to be opened in a browser', streams)
  const limits = limitsWith(args.reading.limits)
  let read: ReadingResult
  try {
    const results = isElsewhere(argv) ? {} : streams.stdout
    const { captures, reading } = args
    let writer: ReportWriter | undefined
    const options = { ...reading, secrets, traceSegments: true }
    read = await readCaptures(await openCaptures(captures), options, results, {
      take(batch) {
        output.open()
        writer ??= new ReportWriter(new PageWriter(template, output.write), embedded, limits.findings)
        for (const event of batch) if (selects(args.selection, event)) writer.event(event)
        return output.drained()
      },
      get isDone() {
        return output.closed
      },
    })
    if (output.closed) return read.status
    writer?.end(languageOf(argv))
    await output.finish()
  } catch (error) {
    output.giveUp()
    throw error
  }
  return statusOf(read)
}
