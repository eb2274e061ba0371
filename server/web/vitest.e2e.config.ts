// Tests in a real browser against the built binary: `npm run e2e`.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['e2e/**/*.test.ts'],
    // One browser and one server after the other: the machine's processors are few.
    fileParallelism: false,
    // What a busy machine draws too late is tried again, and said to have been.
    retry: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
