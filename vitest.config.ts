import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

// `fast` is `npm test`; `full` holds the long statistical, fault and planted-bug suites (*.full.test.ts).
const long = 'test/**/*.full.test.ts';

// Files that leave nothing behind share a process: loading all modules anew for each took a third of the time. Those of
// tensors, actors and commands look at what a process holds, or change it, as do files named `*.alone.test.ts`.
const shared = 'test/{core,data,env,evaluation,learners,report,scenarios}/**/!(*.alone).test.ts';

/**
 * Threads that the sources start are the build's, which `test/setup/build.ts` keeps current: of TypeScript each would
 * transform the whole graph anew, which was half of what such tests took. Tests whose own actors bring tensors to them want
 * those of the sources: `test/setup/threads.ts`.
 */
const sources = fileURLToPath(new URL('src/', import.meta.url));
const threadsOfTheBuild: Plugin = {
  name: 'threads-of-the-build',
  transform(code, id) {
    const path = relative(sources, id);
    if (!['actors/runtime/threads.ts', 'evaluation/simulate/pool.ts'].includes(path)) return;
    const built = new URL(`dist/${path.replace(/\.ts$/, '.js')}`, import.meta.url).href;
    const either = `(globalThis.threadsOfTheSources ? import.meta.url : ${JSON.stringify(built)})`;
    return { code: code.replaceAll('import.meta.url', either), map: null };
  },
};

export default defineConfig({
  plugins: [threadsOfTheBuild],
  test: {
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 2,
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
