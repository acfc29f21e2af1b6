import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { train } from './fixtures/train.ts';

async function inWorker(seed: number, steps: number): Promise<Awaited<ReturnType<typeof train>>> {
  const worker = new Worker(new URL('./fixtures/train-worker.mjs', import.meta.url), {
    workerData: { seed, steps },
  });
  const [result] = await once(worker, 'message');
  await worker.terminate();
  return result;
}

describe('training', () => {
  it('gives the same bits again, in this thread and in others', async () => {
    const first = await train(1, 60);
    expect(first.executor).toBe('eager/wasm');
    expect(first.losses[59]).toBeLessThan(0.7 * first.losses[0]);
    expect(await train(1, 60)).toEqual(first);
    const elsewhere = await Promise.all([inWorker(1, 60), inWorker(1, 60)]);
    expect(elsewhere).toEqual([first, first]);
    expect((await train(2, 60)).params).not.toEqual(first.params);
  });
});
