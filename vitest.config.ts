import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Vitest leaves a core to itself, and on two cores half of the time unused.
    maxWorkers: '100%',
    // These end what hangs. Nothing is judged by them: a machine eight times slower than two idle cores passes.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
