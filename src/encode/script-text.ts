// A script as JSON text in, the bytes of a capture out. Or an InputError: one line with the file, the place in it and the cure.
import { findNodeAtLocation, parseTree } from 'jsonc-parser'
import { InputError } from '../base/input-error.ts'
import { JsonFault, parseDocument, placeIn } from '../base/json-document.ts'
import { type CaptureFormat, writeCapture } from './capture.ts'
import type { CaptureScript } from './script.ts'
import { ScriptError } from './script-error.ts'

/** The capture that the script `text`, read from the file `name`, describes. `format` is for a script that names none. */
export function captureFromText(text: string, name: string, format: CaptureFormat): Uint8Array {
  const script = parsed(text, name)
  try {
    return writeCapture(script, format)
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    const root = parseTree(text)
    const node = root && findNodeAtLocation(root, [...error.path])
    // The place of an unknown or wrong field is that of its name. The node is its value.
    const offset = (typeof error.path.at(-1) === 'string' ? node?.parent?.offset : node?.offset) ?? 0
    throw new InputError(`${name}:${placeIn(text, offset)}: ${error.message}`, { cause: error })
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
