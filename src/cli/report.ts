// framewalk report: a capture as a page to look at.
import { walk } from '../analyze.ts'
import { limitsWith } from '../base/limits.ts'
import { PageWriter } from '../report/fill-template.ts'
import { ReportRenderer } from '../report/report.ts'
import { openCaptures } from './capture-command.ts'
import { languageOf } from './language-option.ts'
import { captureArguments, STANDARD_INPUT } from './options.ts'
import { readPageTemplate } from './page-template.ts'
import { reportLimits } from './report-options.ts'
import { selects } from './select.ts'
import { openPageOutput } from './terminal/page-output.ts'
import { withProgress } from './terminal/progress.ts'
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
  let damaged = false
  let stop: (() => void) | undefined
  try {
    const watched = withProgress(await openCaptures(args), toFile ? {} : streams.stdout)
    stop = watched.stop
    let renderer: ReportRenderer | undefined
    for await (const batch of walk(watched.inputs, {
      limits,
      decodeAs: args.decodeAs,
      ...secrets,
      traceSegments: true,
    })) {
      renderer ??= new ReportRenderer(new PageWriter(template, output.write), embedded, limits.findings)
      for (const event of batch) {
        if (event.type === 'summary') damaged = (event.findings['truncated-capture'] ?? 0) > 0
        if (selects(args.selection, event)) renderer.event(event)
      }
      await output.drained()
      if (output.closed) return ExitStatus.done
    }
    renderer?.end(languageOf(argv))
    await output.finish()
  } catch (error) {
    await output.giveUp()
    throw error
  } finally {
    stop?.()
  }
  return damaged ? ExitStatus.damaged : ExitStatus.done
}
