// What is wrong with a script, and where.

/** A script that makes no sense. The message names the place (`connections[0].steps[2].mask: expected …`) and the cure. */
export class ScriptError extends TypeError {
  override readonly name = 'ScriptError'
  /** Names and indexes from the script down to the place. */
  readonly path: ScriptPath
  /** What is wrong there, and the cure. */
  readonly fault: string

  constructor(path: ScriptPath, fault: string) {
    super(path.length === 0 ? fault : `${spelled(path)}: ${fault}`)
    this.path = path
    this.fault = fault
  }
}

/** Names and indexes from a script down to a place in it. */
export type ScriptPath = ReadonlyArray<string | number>

function spelled(path: ScriptPath): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('')
}
