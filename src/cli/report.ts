// framewalk report: a capture as a page to look at.
import { limitsWith } from '../base/limits.ts'
import { PageWriter } from '../report/fill-template.ts'
import { ReportRenderer } from '../report/report.ts'
import { languageOf } from './language-option.ts'
import { captureArguments, STANDARD_INPUT } from './options.ts'
import { readPageTemplate } from './page-template.ts'
import { openCaptures, Reading } from './reading.ts'
import { reportLimits } from './report-options.ts'
import { selects } from './select.ts'
import { openPageOutput } from './terminal/page-output.ts'
import { ExitStatus, type Streams } from './terminal/streams.ts'
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
    const reading = new Reading(inputs, { limits, decodeAs, secrets, results, traceSegments: true })
    let renderer: ReportRenderer | undefined
    for await (const batch of reading) {
      renderer ??= new ReportRenderer(new PageWriter(template, output.write), embedded, limits.findings)
      for (const event of batch) if (selects(args.selection, event)) renderer.event(event)
      await output.drained()
      if (output.closed) return ExitStatus.done
    }
    renderer?.end(languageOf(argv))
    await output.finish()
    return reading.status
  } catch (error) {
    await output.giveUp()
    throw error
  }
}
