import type { ReportData } from '../../page-data.ts'
import { LanguageSwitch } from '../language-switch.tsx'
import { useWords } from '../words.tsx'

/** A capture, to be looked at. */
export function Report(_: { readonly data: ReportData }) {
  const words = useWords()
  return (
    <>
      <LanguageSwitch />
      <h1>{words.report.title}</h1>
    </>
  )
}
