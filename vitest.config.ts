import { configDefaults, defineConfig } from 'vitest/config'
import { isSlow, testFiles } from './test/files.ts'

export default defineConfig(({ mode }) => {
  const isQuick = mode === 'quick'
  const leftOut = isQuick ? testFiles().filter(isSlow) : []
  return {
    test: {
      include: ['test/**/*.test.ts'],
      exclude: [...configDefaults.exclude, ...leftOut.map((file) => `test/${file}`)],
      env: isQuick ? { FRAMEWALK_QUICK: '1' } : {},
      // Loading the modules anew for each file takes a quarter of the quick run.
      isolate: !isQuick,
      // Vitest leaves a core to itself, and on two cores half of the time unused.
      maxWorkers: '100%',
      // These end what hangs. Nothing is judged by them: a machine eight times slower than two idle cores passes.
      testTimeout: 300_000,
      hookTimeout: 300_000,
      expect: { poll: { timeout: 60_000 } },
    },
  }
})
