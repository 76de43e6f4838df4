// Hostile pcapng files: blocks that are huge, or far too many.
import { zeros } from '../../support/builders/packet-builder.ts'
import { type HostileCapture, MIB } from '../captures.ts'
import { Tape } from '../tape.ts'

const SECTION = [0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0xffffffff, 0xffffffff, 28]
const INTERFACE = [1, 20, 1, 0, 20]

/** pcapng: `step` writes a block. */
const blocks = (step: (tape: Tape, unit: number) => void) =>
  function* (units: number): Generator<Uint8Array> {
    const tape = new Tape(null)
    tape.words(...SECTION, ...INTERFACE)
    for (let unit = 0; unit < units; unit++) {
      step(tape, unit)
      if (tape.full) yield tape.take()
    }
    yield tape.take()
  }

/** Blocks of 127 MiB: unknown ones and packets in turn; a unit is a MiB. */
function* hugeBlocks(units: number): Generator<Uint8Array> {
  const tape = new Tape(null)
  tape.words(...SECTION, ...INTERFACE)
  const length = Math.min(units, 127) * MIB
  const filling = zeros(MIB)
  for (let done = 0, block = 0; done < units; done += length / MIB, block++) {
    tape.words(block & 1 ? 0x0bad : 6, length, 0, 0, 0, length - 32, length - 32)
    for (let at = 28; at < length - 4; at += MIB) {
      tape.raw(filling.subarray(0, Math.min(MIB, length - 4 - at)))
      yield tape.take()
    }
    tape.words(length)
  }
  yield tape.take()
}

const interfaces = () =>
  blocks((tape, unit) => tape.words(...(unit % 60_000 === 0 ? SECTION : []), ...INTERFACE))

const secrets = () =>
  blocks((tape) => {
    tape.words(10, 24, 0x544c534b, 4, 0x41414141, 24)
  })

/** Unknown link types and EtherTypes, another in each packet. */
const unknownKinds = () =>
  blocks((tape, unit) => {
    if (unit % 60_000 === 0) tape.words(...SECTION, ...INTERFACE)
    tape.words(1, 20, unit & 0xffff, 0, 20)
    tape.words(6, 48, (unit + 1) % 60_000, 0, 0, 14, 14, 0, 0, 0, (unit * 0x9e37) & 0xffff, 48)
  })

export const BLOCK_CAPTURES: readonly HostileCapture[] = [
  { kind: 'pcapng blocks of 127 MiB', units: 508, quick: 30, pieces: hugeBlocks },
  { kind: 'pcapng interfaces', units: 2_000_000, quick: 100_000, pieces: interfaces() },
  { kind: 'pcapng secrets', units: 2_000_000, quick: 50_000, pieces: secrets() },
  {
    kind: 'unknown link types and protocols',
    units: 500_000,
    quick: 10_000,
    isUnreadable: true,
    pieces: unknownKinds(),
  },
]
