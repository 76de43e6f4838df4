// A script as JSON text in, the bytes of a capture out. Or an InputError: one line with the file, the place in it and the cure.
import { InputError } from '../base/input-error.ts'
import { JsonFault, offsetOf, parseDocument, placeIn } from '../base/json-document.ts'
import { type CaptureFormat, writeCapture } from './capture.ts'
import type { CaptureScript } from './script.ts'
import { ScriptError } from './script-error.ts'

/** Most bytes of a script: what is made of its text takes up to forty times as much memory. */
export const LONGEST_SCRIPT = 6 * 1024 * 1024

/** The capture that the script `text`, read from the file `name`, describes. `format` is for a script that names none. */
export function captureFromText(text: string, name: string, format: CaptureFormat): Uint8Array {
  const script = parsed(text, name)
  try {
    return writeCapture(script, format)
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    throw new InputError(`${name}:${placeIn(text, offsetOf(text, error.path))}: ${error.message}`, {
      cause: error,
    })
  }
}

function parsed(text: string, name: string): CaptureScript {
  try {
    return parseDocument(text) as CaptureScript
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    throw new InputError(`${name}:${placeIn(text, error.offset)}: ${error.message}; mend it there`, {
      cause: error,
    })
  }
}
