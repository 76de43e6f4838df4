// framewalk lesson: the laboratory and the chapters as a page; with examples and exercises from a capture, where one is given.
import { walk } from '../analyze.ts'
import { limitsWith } from '../base/limits.ts'
import { fillPage } from '../report/fill-template.ts'
import { LessonCollector } from '../report/lesson.ts'
import type { LessonCapture } from '../report/page-data.ts'
import { openCaptures } from './capture-command.ts'
import { languageOf } from './language-option.ts'
import { type CaptureArguments, captureArguments } from './options.ts'
import { readPageTemplate } from './page-template.ts'
import { selects } from './select.ts'
import { openPageOutput } from './terminal/page-output.ts'
import { withProgress } from './terminal/progress.ts'
import { ExitStatus, type Streams } from './terminal/streams.ts'
import { readTlsSecrets, type TlsSecrets } from './tls-secrets.ts'

type Arguments = Readonly<Record<string, unknown>>

/** Runs the command and answers with the exit status. Throws InputError and RangeError for what the user can mend. */
export async function lesson(argv: Arguments, streams: Streams): Promise<number> {
  const args = captureArguments(argv)
  const template = await readPageTemplate()
  const secrets = await readTlsSecrets(argv, streams)
  const read = [args.captures, argv['keylog'], argv['rsa-key'], streams.env['SSLKEYLOGFILE']].flat()
  const output = await openPageOutput(argv, read, streams)
  try {
    const taken = args.captures.length === 0 ? undefined : await takeFrom(args, secrets, argv, streams)
    const data = {
      kind: 'lesson',
      language: languageOf(argv),
      ...(taken && { capture: taken.capture }),
    } as const
    output.write(fillPage(template, data))
    await output.finish()
    return taken?.damaged === true ? ExitStatus.damaged : ExitStatus.done
  } catch (error) {
    await output.giveUp()
    throw error
  }
}

async function takeFrom(
  args: CaptureArguments,
  secrets: TlsSecrets,
  argv: Arguments,
  streams: Streams,
): Promise<{ capture: LessonCapture; damaged: boolean }> {
  const opened = await openCaptures(args)
  const { inputs, stop } = withProgress(opened, argv['output'] === undefined ? streams.stdout : {})
  const collector = new LessonCollector()
  let damaged = false
  try {
    for await (const batch of walk(inputs, {
      limits: limitsWith(args.limits),
      decodeAs: args.decodeAs,
      ...secrets,
    })) {
      for (const event of batch) {
        if (event.type === 'summary') damaged = (event.findings['truncated-capture'] ?? 0) > 0
        if (selects(args.selection, event)) collector.event(event)
      }
    }
  } finally {
    stop()
  }
  return { capture: collector.take(args.captures.join(', ')), damaged }
}
