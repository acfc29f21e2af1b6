import { defineConfig } from 'vitest/config';

// `fast` is `npm test`; `full` holds the long statistical, fault and planted-bug suites (*.full.test.ts).
const long = 'test/**/*.full.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: 'test/setup/build.ts',
    setupFiles: 'test/setup/properties.ts',
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: [long, 'test/fixtures/**'] },
      },
      {
        extends: true,
        test: { name: 'full', include: [long], testTimeout: 1_800_000, fileParallelism: false },
      },
    ],
  },
});
