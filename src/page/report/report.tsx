import type { ReportData } from '../../page-data.ts'

/** A capture, to be looked at. */
export function Report(_: { readonly data: ReportData }) {
  return <h1>Report</h1>
}
