// A script as JSON text: a capture's bytes come out, or an InputError of one line with the file, the place in it and the cure.
import { findNodeAtLocation, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { InputError } from '../input-error.ts'
import { type CaptureFormat, writeCapture } from './capture.ts'
import type { CaptureScript } from './script.ts'
import { ScriptError } from './script-error.ts'

/** The capture that the script `text`, read from the file `name`, describes. `format` is for a script that names none. */
export function captureFromText(text: string, name: string, format: CaptureFormat): Uint8Array {
  const script = parse(text, name)
  try {
    return writeCapture(script, format)
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    const root = parseTree(text)
    const node = root && findNodeAtLocation(root, [...error.path])
    // An unknown or wrong field is named by its key; the node is its value.
    const offset = (typeof error.path.at(-1) === 'string' ? node?.parent?.offset : node?.offset) ?? 0
    throw new InputError(`${name}:${place(text, offset)}: ${error.message}`, { cause: error })
  }
}

function parse(text: string, name: string): CaptureScript {
  try {
    return JSON.parse(text) as CaptureScript
  } catch (error) {
    const errors: ParseError[] = []
    parseTree(text, errors, { disallowComments: true })
    const [first] = errors
    const fault = first === undefined ? (error as Error).message : words(printParseErrorCode(first.error))
    const offset = first?.offset ?? text.length
    throw new InputError(`${name}:${place(text, offset)}: not JSON: ${fault}; mend it there`, {
      cause: error,
    })
  }
}

/** `CommaExpected` as `comma expected`. */
function words(code: string): string {
  return code.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()
}

/** Line and column, from 1. */
function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `${before.length}:${before.at(-1)!.length + 1}`
}
