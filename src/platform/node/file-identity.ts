// Which file of the machine a name means, whatever path, link or descriptor it goes by. An output is held against the inputs with it.
import { type BigIntStats, fstatSync, statSync } from 'node:fs'

/** What `-` means among the names of inputs. */
const STANDARD_INPUT = 0
const STANDARD_OUTPUT = 1

/** `/dev/stdout` and the like: another name of what the process has open. */
const DESCRIPTOR = /^\/(?:dev\/(?:std(in|out|err)|fd\/(\d+))|proc\/self\/fd\/(\d+))$/

/** The identities of files. */
export type Identities = ReadonlySet<string>

/**
 * The identities of the files and disks that a command reads. `-` is standard input. What cannot be overwritten is left out:
 * pipes, terminals, and sockets, which may well be standard input and standard output at once.
 */
export function identitiesOf(names: readonly string[]): Identities {
  const identities = new Set<string>()
  for (const name of names) {
    const status = statusOf(name)
    if (status?.isFile() || status?.isBlockDevice()) identities.add(identityOf(status))
  }
  return identities
}

/** One file of the machine. */
export function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`
}

/** True if standard output goes into one of these files. */
export function standardOutputIsOneOf(identities: Identities): boolean {
  const status = statusOfDescriptor(STANDARD_OUTPUT)
  return status !== undefined && identities.has(identityOf(status))
}

/** The descriptor that a name such as `/dev/stdout` or `/dev/fd/3` means. Undefined for every other name. */
export function descriptorOf(name: string): number | undefined {
  const [, stream, ...numbers] = DESCRIPTOR.exec(name) ?? []
  if (stream !== undefined) return ['in', 'out', 'err'].indexOf(stream)
  const number = numbers.find((digits) => digits !== undefined)
  return number === undefined ? undefined : Number(number)
}

function statusOf(name: string): BigIntStats | undefined {
  if (name === '-') return statusOfDescriptor(STANDARD_INPUT)
  try {
    return statSync(name, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function statusOfDescriptor(descriptor: number): BigIntStats | undefined {
  try {
    return fstatSync(descriptor, { bigint: true })
  } catch {
    return undefined
  }
}
