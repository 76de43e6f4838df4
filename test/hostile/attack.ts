// What an attack is: hostile files, and the command that meets them. The files of attacks/ list them, one theme each.

/** One way to harm someone who runs framewalk. */
export interface Attack {
  /** What is hostile, and which command meets it. The title of its test and its row in the table. */
  readonly kind: string
  /** How often the hostile thing is repeated in the attack that the table measures, and in the quick one of the tests. */
  readonly units: number
  readonly quick: number
  /** Writes hostile files into `folder`, an empty folder of its own, and answers how they are met. */
  readonly prepare: (folder: string, units: number) => AttackCommand | Promise<AttackCommand>
}

/** A command line that meets the hostile files. */
export interface AttackCommand {
  /** The words after `framewalk`. It runs with `folder` as its working folder. */
  readonly words: readonly string[]
  /** The words of a command that runs before it in the same folder: one that makes what this one reads. It is not measured. */
  readonly first?: readonly string[]
  /** The bytes of its standard input, piece by piece. */
  readonly input?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>
  /** The exit statuses that are right: it ends, and not by a crash. */
  readonly statuses: readonly number[]
}
