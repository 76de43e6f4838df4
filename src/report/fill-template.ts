// Fills the template of the page with data (page-data.ts). All data is deflated and in base64, so that no byte of a capture is
// ever markup.
import { deflateRawSync } from 'node:zlib'
import type { BlockName, PageData } from './page-data.ts'

const SLOT = '<script type="application/octet-stream" id="data">'

/** Writes the page piece by piece: its blocks as they come, its data at the end. */
export class PageWriter {
  readonly #write: (part: string) => void
  readonly #rest: string

  /** Throws if `template` has no place for data. */
  constructor(template: string, write: (part: string) => void) {
    const at = template.indexOf(SLOT)
    if (at < 0) throw new TypeError('the template has no place for data')
    this.#write = write
    this.#rest = template.slice(at + SLOT.length)
    write(template.slice(0, at))
  }

  /** Embeds bytes under a name. */
  block(name: BlockName, bytes: Uint8Array): void {
    this.#write(`<script type="application/octet-stream" id="${name}">${embedded(bytes)}</script>\n`)
  }

  /** Embeds the data, and writes the rest of the template. */
  end(data: PageData): void {
    this.#write(SLOT + embedded(JSON.stringify(data)) + this.#rest)
  }
}

function embedded(data: string | Uint8Array): string {
  return deflateRawSync(data).toString('base64')
}
