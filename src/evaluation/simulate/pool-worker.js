// What a worker of the pool loads: plain JavaScript, since a thread cannot load TypeScript before its hooks are
// registered (as in actors/runtime/bootstrap.js).
let started;

async function start(entry) {
  if (entry.endsWith('.ts')) {
    const [cjs, esm] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]);
    cjs.register();
    esm.register();
  }
  return await import(entry);
}

export default async function run({ entry, ...chunk }) {
  started ??= start(entry);
  const { runChunk } = await started;
  return runChunk(chunk);
}
