// framewalk lesson: the laboratory and the chapters as a page. If captures are given, with examples and exercises from them.
import { PageWriter } from '../report/fill-template.ts'
import { LessonCollector } from '../report/lesson.ts'
import type { LessonCapture } from '../report/page-data.ts'
import { languageOf } from './language-option.ts'
import { type CaptureArguments, captureArguments } from './options.ts'
import { PAGE_TEMPLATES, readPageTemplate } from './page-template.ts'
import { openCaptures, type ReadingResult, readCaptures, statusOf } from './reading.ts'
import { selects } from './select.ts'
import { isElsewhere, type NamedOutput, namedOutput } from './terminal/named-output.ts'
import { ExitStatus, type Streams } from './terminal/streams.ts'
import { readTlsSecrets, secretFiles, type TlsSecrets } from './tls-secrets.ts'

type Arguments = Readonly<Record<string, unknown>>

/** Runs the command and returns the exit status. Throws InputError for a fault that the user can mend. */
export async function lesson(argv: Arguments, streams: Streams): Promise<number> {
  const args = captureArguments(argv)
  const template = await readPageTemplate()
  const secrets = await readTlsSecrets(argv, streams)
  const inputs = [...args.captures, ...secretFiles(argv, streams), ...PAGE_TEMPLATES]
  const output = namedOutput(argv, inputs, 'a page is to be opened in a browser', streams)
  let read: ReadingResult | undefined
  try {
    const taken =
      args.captures.length === 0 ? undefined : await takeFrom(args, secrets, argv, streams, output)
    const data = {
      kind: 'lesson',
      language: languageOf(argv),
      ...(taken && { capture: taken.capture }),
    } as const
    new PageWriter(template, output.write).end(data)
    await output.finish()
    read = taken?.read
  } catch (error) {
    output.giveUp()
    throw error
  }
  return read === undefined ? ExitStatus.done : statusOf(read)
}

async function takeFrom(
  args: CaptureArguments,
  secrets: TlsSecrets,
  argv: Arguments,
  streams: Streams,
  output: NamedOutput,
): Promise<{ capture: LessonCapture; read: ReadingResult }> {
  const { captures, reading, selection } = args
  const inputs = await openCaptures(captures)
  const options = { ...reading, secrets }
  const results = isElsewhere(argv) ? {} : streams.stdout
  const collector = new LessonCollector()
  const read = await readCaptures(inputs, options, results, {
    take(batch) {
      // Now, not at the end: what is wrong with the output is said before all is read.
      output.open()
      for (const event of batch) if (selects(selection, event)) collector.event(event)
    },
  })
  return { capture: collector.take(captures), read }
}
