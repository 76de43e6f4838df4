// gzip with minizlib. It replaces Buffer.concat while it works, and ignores what is written after an error: the adapter stands alone, so
// that no caller gets hold of it.
import { Gunzip as MinizlibGunzip, type ZlibError } from 'minizlib'
import type { Gunzip, GunzipSink } from '../platform.ts'

/** Each open file takes as much memory. 64 KiB would not be faster. */
const OUTPUT_PIECE = 8 * 1024

/** Opens a gzip file that is unpacked into `sink`. */
export function openGunzip(sink: GunzipSink): Gunzip {
  const options: ConstructorParameters<typeof MinizlibGunzip>[0] & { chunkSize: number } = {
    chunkSize: OUTPUT_PIECE,
  }
  const gunzip = new MinizlibGunzip(options)
  gunzip.on('data', (piece) => sink.piece(piece))
  gunzip.on('error', (error) => {
    const { code, message } = error as ZlibError
    sink.fault(code === 'Z_BUF_ERROR', message.replace(/^zlib: /, ''))
  })
  return {
    write(bytes) {
      gunzip.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
    },
    end() {
      gunzip.end()
      gunzip.close()
    },
  }
}
