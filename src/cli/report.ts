// framewalk report: a capture as a page to look at.
import { limitsWith } from '../base/limits.ts'
import { PageWriter } from '../report/fill-template.ts'
import { ReportRenderer } from '../report/report.ts'
import { languageOf } from './language-option.ts'
import { captureArguments, STANDARD_INPUT } from './options.ts'
import { readPageTemplate } from './page-template.ts'
import { openCaptures, readCaptures } from './reading.ts'
import { reportLimits } from './report-options.ts'
import { selects } from './select.ts'
import { openPageOutput } from './terminal/page-output.ts'
import type { Streams } from './terminal/streams.ts'
import { readTlsSecrets } from './tls-secrets.ts'

/** Runs the command and answers with the exit status. Throws InputError and RangeError for what the user can mend. */
export async function report(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  const args = captureArguments(argv)
  const embedded = reportLimits(argv)
  const secrets = await readTlsSecrets(argv, streams)
  const template = await readPageTemplate()
  const read = [args.captures, argv['keylog'], argv['rsa-key'], streams.env['SSLKEYLOGFILE']].flat()
  const output = await openPageOutput(argv, read, streams)
  const toFile = argv['output'] !== undefined && argv['output'] !== STANDARD_INPUT
  const limits = limitsWith(args.limits)
  try {
    const results = toFile ? {} : streams.stdout
    const { captures, decodeAs } = args
    const inputs = await openCaptures(captures)
    let renderer: ReportRenderer | undefined
    const options = { limits, decodeAs, secrets, traceSegments: true }
    const status = await readCaptures(inputs, options, results, {
      take(batch) {
        renderer ??= new ReportRenderer(new PageWriter(template, output.write), embedded, limits.findings)
        for (const event of batch) if (selects(args.selection, event)) renderer.event(event)
        return output.drained()
      },
      get isDone() {
        return output.closed
      },
    })
    if (output.closed) return status
    renderer?.end(languageOf(argv))
    await output.finish()
    return status
  } catch (error) {
    await output.giveUp()
    throw error
  }
}
