// What a worker loads first: plain JavaScript, since a thread cannot load TypeScript before its hooks are registered.
// Both hooks together: with the ESM hook alone, TypeScript modules of a `type: commonjs` project fail in workers
// ("Cannot require() ES Module in a cycle").
import { workerData } from 'node:worker_threads';

// For `startSystem`: a thread of a system starts none itself.
globalThis.troupeThread = true;

async function start() {
  if (workerData.entry.endsWith('.ts')) {
    const [cjs, esm] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]);
    cjs.register();
    esm.register();
    globalThis.troupeTypeScript = true;
  }
  await import(workerData.entry);
}

start();
