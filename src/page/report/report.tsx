import type { ReportCapture } from './capture.ts'

/** A capture, to be looked at. */
export function Report({ capture }: { readonly capture: ReportCapture }) {
  return (
    <main>
      <h1>{capture.data.files.map(({ name }) => name).join(', ')}</h1>
    </main>
  )
}
