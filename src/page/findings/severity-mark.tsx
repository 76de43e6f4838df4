// How bad a finding is, as a shape, so that more than a colour tells it. The word is beside it. Each component stands alone in a file.
import type { Severity } from '../../base/findings.ts'

const OUTLINES: Readonly<Record<Severity, string>> = {
  violation: 'M6 1h8l5 5v8l-5 5H6l-5-5V6z',
  warning: 'M10 1l9 17H1z',
  capture: 'M2 2h16v16H2z',
}

const SIGNS: Readonly<Record<Severity, string>> = {
  violation: 'M6.5 6.5l7 7M13.5 6.5l-7 7',
  warning: 'M10 7v5M10 14v2',
  capture: 'M5 10h10',
}

export function SeverityMark({ severity }: { readonly severity: Severity }) {
  return (
    <svg class="severity-mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d={OUTLINES[severity]} class={severity === 'capture' ? 'dashed' : ''} />
      <path d={SIGNS[severity]} />
    </svg>
  )
}
