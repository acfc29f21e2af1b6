import { defineConfig } from 'vitest/config';

// `fast` is `npm test`; `full` holds the long statistical, fault and planted-bug suites (*.full.test.ts).
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.full.test.ts', 'test/fixtures/**'],
        },
      },
      { extends: true, test: { name: 'full', include: ['test/**/*.full.test.ts'], testTimeout: 600_000 } },
    ],
  },
});
