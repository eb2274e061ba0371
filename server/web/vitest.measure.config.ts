// Measurements in a real browser against a built binary: `npm run keystroke`. `MUSTER` names the binary.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['e2e/**/*.measure.ts'],
    fileParallelism: false,
    // Ten million profiles take their time to be made.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
