// The Platform for Node: minizlib (on node:zlib) and node:crypto.
import type { Platform } from '../platform.ts'
import { cryptography } from './cryptography.ts'
import { openGunzip } from './gunzip.ts'
import { ZlibBlockInflater } from './inflate.ts'

/** Node as the machine that framewalk runs on. */
export const nodePlatform: Platform = {
  openInflate: (windowBits) => new ZlibBlockInflater(windowBits),
  openGunzip,
  cryptography,
}
