import { defineConfig } from 'vitest/config';

// `fast` is `npm test`; `full` holds the long statistical, fault and planted-bug suites (*.full.test.ts).
const long = 'test/**/*.full.test.ts';

// Files that leave nothing behind share a process: loading all modules anew for each took a third of the time. Those of
// tensors, actors and commands look at what a process holds, or change it, as do files named `*.alone.test.ts`.
const shared = 'test/{core,data,env,evaluation,learners,report,scenarios}/**/!(*.alone).test.ts';

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
        test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: [long, shared, 'test/fixtures/**'] },
      },
      {
        extends: true,
        test: { name: 'fast-shared', include: [shared], exclude: [long], isolate: false },
      },
      {
        extends: true,
        test: { name: 'full', include: [long], testTimeout: 1_800_000, fileParallelism: false },
      },
    ],
  },
});
