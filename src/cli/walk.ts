// framewalk walk: one frame, bit by bit, of a capture or of bytes that were pasted.
import { InputError } from '../base/input-error.ts'
import { eventsOfFrames } from '../conversation/frame-bytes.ts'
import { pastedNoteWords } from '../language/en/pasted-words.ts'
import { nodePlatform } from '../platform/node/platform.ts'
import { NdjsonRenderer } from '../render/ndjson.ts'
import { type WalkSubject, walkthrough } from '../render/walkthrough/walkthrough.ts'
import { languageOf } from './language-option.ts'
import { captureArguments } from './options.ts'
import { type BatchSink, type ReadingResult, readCaptures } from './reading.ts'
import { outputTo } from './terminal/output.ts'
import { colorOf, ExitStatus, type Streams, widthOf } from './terminal/streams.ts'
import { readTlsSecrets } from './tls-secrets.ts'
import { rowsOf } from './walk-options.ts'
import { walkSource } from './walk-source.ts'
import { WalkSubjects } from './walk-subjects.ts'

/** Runs the command and returns the exit status. Throws InputError for a fault that the user can mend. */
export async function walkFrames(argv: Readonly<Record<string, unknown>>, streams: Streams): Promise<number> {
  const { captures, selection, reading, format, color } = captureArguments(argv)
  const rows = rowsOf(argv)
  if (captures.length === 0)
    throw new InputError('nothing to walk through; give a capture, or the bytes of a frame')

  const source = await walkSource(captures)
  const secrets = source.kind === 'capture' ? await readTlsSecrets(argv, streams) : {}
  const subjects = new WalkSubjects(selection, source.kind)
  const output = outputTo(streams.stdout)
  const look = { width: widthOf(streams), color: colorOf(streams, color), rows, language: languageOf(argv) }
  const ndjson = new NdjsonRenderer(output.write)
  const print = (subject: WalkSubject): void => {
    if (format === 'table') {
      output.write(walkthrough(subject, look))
    } else {
      ndjson.event(subject.frame)
      for (const finding of subject.findings) ndjson.event(finding)
      if (subject.message !== undefined) ndjson.event(subject.message)
      ndjson.flush()
    }
  }

  const sink: BatchSink = {
    take(batch) {
      for (const event of batch) subjects.event(event)
      for (const subject of subjects.take()) print(subject)
      return output.drained()
    },
    get isDone() {
      return output.closed || subjects.complete
    },
  }
  let read: ReadingResult = { status: ExitStatus.done, unread: undefined }
  if (source.kind === 'capture') {
    try {
      read = await readCaptures(source.inputs, { ...reading, secrets }, streams.stdout, sink)
    } catch (error) {
      if (!(error instanceof InputError) || source.notBytes === undefined) throw error
      throw new InputError(`${error.message}; it is not bytes either: ${source.notBytes}`)
    }
  } else {
    for (const note of source.notes) streams.stderr.write(`framewalk: ${pastedNoteWords(note)}\n`)
    await sink.take(eventsOfFrames(source.bytes, nodePlatform, selection.from))
  }
  if (subjects.found === 0 && !output.closed)
    throw new InputError(read.unread ?? `${captures.join(' ')}: ${subjects.absence}`)
  return read.status
}
