// Node as a Platform: minizlib on node:zlib, node:crypto.
import type { Platform } from '../platform.ts'
import { cryptography } from './cryptography.ts'
import { openGunzip } from './gunzip.ts'
import { ZlibBlockInflater } from './inflate.ts'

export const nodePlatform: Platform = {
  openInflate: (windowBits) => new ZlibBlockInflater(windowBits),
  openGunzip,
  cryptography,
}
