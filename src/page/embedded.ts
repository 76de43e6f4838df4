// The data that a command put into the page: JSON, deflated, in base64 (render/page.ts writes it).
import type { PageData } from '../page-data.ts'

/** Reads it. Throws where the page was opened as the bare template. */
export async function readPageData(): Promise<PageData> {
  const text = document.getElementById('data')?.textContent?.trim() ?? ''
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return JSON.parse(await new Response(inflated).text()) as PageData
}
