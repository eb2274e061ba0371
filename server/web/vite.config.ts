// How the page is built: one document, and scripts that come route by route.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  // While one works on the page: `muster demo` answers what is asked below /api.
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
  build: {
    target: 'es2022',
    // Every file has a name of its own that may be kept for ever; none is put into the document, which has a strict policy.
    assetsInlineLimit: 0,
    // Scripts come when they are pointed at; lists of what each needs would be in the first of them.
    modulePreload: false,
    manifest: 'manifest.json',
    reportCompressedSize: false,
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
    restoreMocks: true,
    // Typing key by key takes its time on a busy machine.
    testTimeout: 30_000,
  },
});
