// The one way in which a file is written. It has a fresh name beside its own until it is whole, and then its own: whoever looks
// finds the file of before, or all of the new one. It never overwrites an input, and leaves nothing behind if it fails.
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join, sep } from 'node:path'
import { InputError } from '../../base/input-error.ts'
import { type Identities, identityOf } from './file-identity.ts'
import { beforeInterrupt } from './interrupt.ts'
import { writingFault } from './machine-faults.ts'

/** As many symbolic links as Linux follows. */
const MOST_LINKS = 40
const PRIVATE = 0o600
const PERMISSIONS = 0o777n
/** For an owner or a group, as in chown(2). */
const UNCHANGED = -1

/** What is there before an output is written. */
export interface OutputTarget {
  /** As it was given. */
  readonly name: string
  /** Undefined if there is nothing. */
  readonly existing: BigIntStats | undefined
}

/** How a target is looked at, and what is said of it. */
export interface OutputRules {
  /** The files that the command reads. */
  readonly inputs: Identities
  /** What helps if the file cannot be written: `name another file with -o`. */
  readonly elsewhere?: string
}

/** Looks at the place of an output, and writes nothing. Throws InputError if it is a folder or one of the inputs. */
export function outputTarget(name: string, rules: OutputRules): OutputTarget {
  const existing = statusOf(name, rules)
  if (existing?.isDirectory() || name.endsWith('/') || name.endsWith(sep))
    throw new InputError(`${name}: is a directory; ${rules.elsewhere ?? 'move it away'}`)
  refuseInput(name, existing, rules)
  return { name, existing }
}

/** A file that gets its name when it is whole. It is written synchronously: nothing waits in memory. */
export class OutputFile {
  readonly #target: OutputTarget
  readonly #rules: OutputRules
  /** Where the file will be, with links followed, and where it is until then. */
  #path = ''
  #unfinished = ''
  #file: number | undefined
  #isOver = false
  #forget = (): void => {}

  /** Throws InputError if the target is not a file, or is an input. Nothing is written yet. */
  constructor(name: string, rules: OutputRules) {
    this.#target = outputTarget(name, rules)
    this.#rules = rules
    if (this.#target.existing?.isFile() === false)
      throw new InputError(`${name}: is not a file; ${rules.elsewhere ?? 'move it away'}`)
  }

  /** Creates the file under its fresh name, if it was not yet. Throws InputError if the machine refuses. */
  open(): void {
    if (this.#file !== undefined) return
    if (this.#isOver) throw new Error('the file was finished or given up')
    const { name, existing } = this.#target
    this.#try(() => {
      const path = behindLinks(name)
      const folder = realpathSync.native(dirname(path))
      this.#path = join(folder, basename(path))
      this.#unfinished = join(folder, `.framewalk-${randomBytes(12).toString('hex')}`)
      // A file that is write-protected is not replaced either.
      if (existing !== undefined) accessSync(this.#path, constants.W_OK)
      this.#forget = beforeInterrupt(() => this.#remove())
      this.#file = openSync(this.#unfinished, 'wx', existing === undefined ? 0o666 : PRIVATE)
    })
  }

  /** Writes on, and opens the file before the first time. Throws InputError if the machine refuses. */
  write(data: string | Uint8Array): void {
    this.open()
    this.#try(() => writeFileSync(this.#file!, data))
  }

  /** The file is whole: it gets its name, and replaces what had it. Throws InputError if the machine refuses. */
  finish(): void {
    this.open()
    this.#try(() => {
      const file = this.#file!
      if (this.#target.existing !== undefined) likeBefore(file, this.#target.existing)
      fsyncSync(file)
      this.#refuseChanges(file)
      this.#close()
      renameSync(this.#unfinished, this.#path)
      this.#unfinished = ''
      this.#end()
    })
  }

  /** The file will never be whole: nothing of it stays. Does nothing after `finish`. */
  giveUp(): void {
    this.#close()
    this.#remove()
    this.#end()
  }

  #try(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.giveUp()
      if (error instanceof InputError) throw error
      throw writingFault(this.#target.name, error, this.#rules.elsewhere)
    }
  }

  /** Somebody may have put an input, or a folder, in this place meanwhile, or something else in that of the unfinished file. */
  #refuseChanges(file: number): void {
    const { name } = this.#target
    const now = statSync(this.#path, { bigint: true, throwIfNoEntry: false })
    refuseInput(name, now, this.#rules)
    const own = lstatSync(this.#unfinished, { bigint: true, throwIfNoEntry: false })
    if (own === undefined || identityOf(own) !== identityOf(fstatSync(file, { bigint: true })))
      throw new InputError(`${name}: its folder was changed while it was written; write it again`)
  }

  #close(): void {
    if (this.#file === undefined) return
    closeSync(this.#file)
    this.#file = undefined
  }

  #end(): void {
    this.#isOver = true
    this.#forget()
  }

  #remove(): void {
    if (this.#unfinished === '') return
    try {
      rmSync(this.#unfinished, { force: true })
    } catch {
      // Its folder may be gone, or closed to us by now: there is nothing more to be done.
    }
    this.#unfinished = ''
  }
}

/** Gives the new file the owner, the group and the permissions of the old one, as far as we may. */
function likeBefore(file: number, { mode, uid, gid }: BigIntStats): void {
  const own = fstatSync(file, { bigint: true })
  if (own.uid !== uid) isPermitted(() => fchownSync(file, Number(uid), UNCHANGED))
  const hasGroup = own.gid === gid || isPermitted(() => fchownSync(file, UNCHANGED, Number(gid)))
  const permissions = Number(mode & PERMISSIONS)
  // Another group may do no more than everybody.
  const withoutGroup = (permissions & 0o707) | ((permissions & 0o007) << 3)
  isPermitted(() => fchmodSync(file, hasGroup ? permissions : withoutGroup))
}

/** Some disks have no owners and permissions, and only root may give a file away. */
function isPermitted(change: () => void): boolean {
  try {
    change()
    return true
  } catch {
    return false
  }
}

function refuseInput(
  name: string,
  status: BigIntStats | undefined,
  { inputs, elsewhere }: OutputRules,
): void {
  if (status !== undefined && inputs.has(identityOf(status)))
    throw new InputError(`${name}: would overwrite the input; ${elsewhere ?? 'move it away'}`)
}

function statusOf(name: string, { elsewhere }: OutputRules): BigIntStats | undefined {
  try {
    return statSync(name, { bigint: true, throwIfNoEntry: false })
  } catch (error) {
    throw writingFault(name, error, elsewhere)
  }
}

/** The path of the file itself, also if it does not exist yet and a symbolic link leads to it. */
function behindLinks(name: string): string {
  let path = name
  for (let links = 0; links < MOST_LINKS; links++) {
    try {
      return realpathSync.native(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return path
    const link = readlinkSync(path)
    // Not join: a `..` after a link means the folder above the one that the link leads to.
    path = isAbsolute(link) ? link : `${dirname(path)}/${link}`
  }
  return path
}
