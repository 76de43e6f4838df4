import type { ReportLimits } from './page-data.ts'

/** How much a report holds unless told otherwise. */
export const REPORT_LIMITS: ReportLimits = { frames: 500_000, payload: 64 * 1024, bytes: 64 * 1024 * 1024 }
