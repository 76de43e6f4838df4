// How a damaged capture file is told of in English: by the error of a file that cannot be read at all, and by the finding of one that is
// read as far as it goes.
import type { BlockFault, DamageFault, RecordFault, ZstdReason } from './finding-values.ts'

/** A clause without the file's name, as `record 3 at byte 112 is cut off: …`. */
export function damageClause(damage: { readonly offset: number } & DamageFault): string {
  const { offset } = damage
  switch (damage.what) {
    case 'gzipCut':
      return `the gzip data is cut off at byte ${offset}`
    case 'gzipDamaged':
      return `the gzip data is damaged at byte ${offset} or shortly behind it (${damage.reason})`
    case 'zstdCut':
      return `the zstd data is cut off at byte ${offset}`
    case 'zstdDamaged':
      return `the zstd data is damaged at byte ${offset} (${ZSTD_REASONS[damage.reason]})`
    case 'zstdWindow':
      return `the zstd data has a window of ${damage.window} bytes at byte ${offset}, more than the ${damage.most} that are unpacked`
    case 'record':
      return `record ${damage.record} at byte ${offset} ${recordClause(damage)}`
    case 'block':
      return `block at byte ${offset} ${blockClause(damage)}`
  }
}

const ZSTD_REASONS: Readonly<Record<ZstdReason, string>> = {
  frame: 'no frame begins there',
  dictionary: 'it needs a dictionary',
  block: 'a block makes no sense',
  table: 'a table makes no sense',
  literals: 'literals make no sense',
  sequences: 'sequences make no sense',
  length: 'it unpacks to another length than it says',
  checksum: 'its checksum is wrong',
  ratio: 'it unpacks to more than a thousand times its length',
}

function recordClause(fault: RecordFault): string {
  switch (fault.fault) {
    case 'cut':
      return 'is cut off: the file ends before its last byte'
    case 'headerCut':
      return 'is cut off: the file ends inside its header'
    case 'tooLong':
      return `claims ${fault.length} bytes, more than the ${fault.most} it may have`
  }
}

function blockClause(fault: BlockFault): string {
  switch (fault.fault) {
    case 'cut':
      return 'is cut off: the file ends before the block does'
    case 'noByteOrder':
      return 'is a section header without the byte-order magic 1a2b3c4d'
    case 'version':
      return `has pcapng version ${fault.version}, which is not supported`
    case 'lengthsDiffer':
      return `has the length ${fault.leading} at its start and ${fault.trailing} at its end`
    case 'interface':
      return `is of interface ${fault.interface}, and its section has described ${fault.described} so far`
    case 'interfaces':
      return `describes one interface more than the ${fault.most} that a section may have`
    case 'noRoom':
      return `claims ${fault.claimed} captured bytes and has room for ${fault.room}`
    case 'noRoomForPacket':
      return `must hold ${fault.expected} captured bytes and has room for ${fault.room}`
    case 'noRoomForSecrets':
      return `claims ${fault.claimed} bytes of secrets and has room for ${fault.room}`
    case 'tooShort':
      return `has the length ${fault.length}, and its type needs at least ${fault.fewest}`
    case 'tooLong':
      return `claims the length ${fault.length}, more than the ${fault.most} it may have`
  }
}

/** How a capture file is named in a sentence. */
export function captureTitle(name: string): string {
  return name === '-' ? 'standard input' : name
}
