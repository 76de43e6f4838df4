// `import 'framewalk/vitest'` in a test or a setup file: the matchers for captures and frames, and short snapshots of frames.
import { expect } from 'vitest'
import { type FramewalkMatchers, matchers } from './matchers.ts'
import { snapshotSerializer } from './snapshot-serializer.ts'

export type * from './option-types.ts'

expect.extend(matchers)
expect.addSnapshotSerializer(snapshotSerializer)

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: an augmentation must repeat the type parameters of what it adds to
  interface Matchers<T = any> extends FramewalkMatchers<void, T> {}
}
