// The data that a command put into the page: deflated, in base64 (render/page.ts writes it).
import { inflateRaw } from 'pako'
import type { BlockName, PageData } from '../report/page-data.ts'

/** Reads it. Throws if the page was opened as the bare template. */
export async function readPageData(): Promise<PageData> {
  return JSON.parse(new TextDecoder().decode(await inflated('data'))) as PageData
}

/** The bytes of a block; empty if there is none. */
export async function readBlock(name: BlockName): Promise<Uint8Array<ArrayBuffer>> {
  return document.getElementById(name) === null ? new Uint8Array(0) : inflated(name)
}

/** The same, at once: for short blocks. */
export function readBlockNow(name: BlockName): Uint8Array {
  const bytes = embedded(name)
  return bytes.length === 0 ? bytes : inflateRaw(bytes)
}

/** The browser's own inflater takes a third of the time. */
async function inflated(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([embedded(id)]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function embedded(id: string): Uint8Array<ArrayBuffer> {
  const text = atob(document.getElementById(id)?.textContent?.trim() ?? '')
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
