// The options of framewalk encode. They stand alone, as those of every command do: --help shows them all without loading a
// command.
import type { Argv } from 'yargs'
import { languageOption } from './language-option.ts'
import { DEFAULT_ROWS } from './walk-options.ts'

/** What encode takes: a script, or what makes a single frame. */
export function encodeOptions(yargs: Argv) {
  const frame = { group: 'One frame:', requiresArg: true, type: 'string' } as const
  return languageOption(yargs)
    .positional('script', { type: 'string', describe: 'a script as JSON; - for standard input' })
    .option('output', {
      alias: 'o',
      type: 'string',
      requiresArg: true,
      describe: 'the capture to write, over what is there; - for standard output',
    })
    .option('format', {
      choices: ['pcap', 'pcapng'] as const,
      describe: 'of the capture, if the script names none (default: by the name of the output, else pcap)',
    })
    .option('text', { ...frame, describe: 'a text message' })
    .option('binary', { ...frame, describe: 'a binary message, as hex digits' })
    .option('ping', { ...frame, describe: 'a ping with this payload' })
    .option('close', {
      ...frame,
      requiresArg: false,
      describe: 'a close frame with this code, or without one',
    })
    .option('reason', { ...frame, describe: 'the reason after the close code' })
    .option('mask', {
      ...frame,
      requiresArg: false,
      describe: 'the masking key, 8 hex digits (default: drawn); --no-mask for none, as a server sends',
    })
    .option('fragment', { ...frame, type: 'number', describe: 'cut the message into N frames' })
    .option('compress', { group: frame.group, type: 'boolean', describe: 'as permessage-deflate does' })
    .option('rows', {
      ...frame,
      type: 'number',
      describe: `rows of the masking table (default: ${DEFAULT_ROWS})`,
    })
    .option('color', { type: 'boolean', describe: 'colours (default: on a terminal); --no-color for none' })
}
