// Fills the page's template with data (page-data.ts). The data is deflated and in base64: nothing of a capture is ever markup.
import { deflateRawSync } from 'node:zlib'
import type { PageData } from '../page-data.ts'

const SLOT = '<script type="application/octet-stream" id="data">'

/** The whole page. Throws where `template` has no place for data. */
export function fillPage(template: string, data: PageData): string {
  const at = template.indexOf(SLOT) + SLOT.length
  if (at < SLOT.length) throw new TypeError('the template has no place for data')
  const embedded = deflateRawSync(JSON.stringify(data)).toString('base64')
  return template.slice(0, at) + embedded + template.slice(at)
}
