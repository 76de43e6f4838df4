// The types that a test names when it calls the matchers, the same for every runner.
export type { Asymmetric } from './context.ts'
export type { ConformOptions } from './finding-matchers.ts'
export type { ExpectedFrame, FrameOpcode } from './frame-matcher.ts'
export type { GoldenOptions } from './golden-matcher.ts'
export type { ExpectedMessage } from './message-matcher.ts'
export type { EmptyOptions } from './subject.ts'
