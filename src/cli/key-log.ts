// The key log that TLS connections are decrypted with: --keylog, or what SSLKEYLOGFILE names, as for the programs that write it.
import { concat } from '../bytes.ts'
import { openInput } from '../input.ts'
import { InputError } from '../input-error.ts'
import { escapeText } from '../render/escape.ts'
import type { Streams } from './streams.ts'

/** What the lines of a key log begin with. */
const LINE = /^(?:#|(?:CLIENT|SERVER)_[A-Z_0-9]+ |EXPORTER_SECRET |EARLY_EXPORTER_SECRET |RSA )/m

/**
 * The key log's text; undefined where none is named. Throws InputError where the one that was asked for cannot be read, or is none; of the
 * environment's this is said on standard error, and that it is used.
 */
export async function readKeyLog(
  argv: Readonly<Record<string, unknown>>,
  { env, stderr }: Streams,
): Promise<Uint8Array | undefined> {
  const asked = argv['keylog'] as string | undefined
  if (asked !== undefined) return read(asked)
  const inherited = env['SSLKEYLOGFILE'] ?? ''
  if (inherited === '') return undefined
  try {
    const log = await read(inherited)
    stderr.write(`framewalk: TLS is decrypted with SSLKEYLOGFILE, ${escapeText(inherited)}\n`)
    return log
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    stderr.write(`framewalk: SSLKEYLOGFILE is not used: ${escapeText(error.message)}\n`)
    return undefined
  }
}

async function read(name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of (await openInput(name)).chunks) chunks.push(chunk.slice())
  const log = concat(chunks)
  const text = Buffer.from(log.buffer).toString('latin1')
  if (/\S/.test(text) && !LINE.test(text))
    throw new InputError(
      `${name}: is no TLS key log; expected the lines that programs write to SSLKEYLOGFILE`,
    )
  return log
}
