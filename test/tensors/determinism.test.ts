import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startWorker } from '../../src/actors/runtime/worker-flags.ts';
import { endWorker } from '../../src/core/native-calls.ts';
import { train } from './fixtures/train.ts';

async function inWorker(
  seed: number,
  steps: number,
  executor: string,
): Promise<Awaited<ReturnType<typeof train>>> {
  const worker = startWorker(new URL('./fixtures/train-worker.mjs', import.meta.url), {
    workerData: { seed, steps, executor },
  });
  const [result] = await once(worker, 'message');
  await endWorker(worker);
  return result;
}

describe('training', () => {
  it.each(['onnx-cpu', 'eager/wasm'])(
    'gives the same bits again on %s, in this thread and in others',
    async executor => {
      const first = await train(1, 60, executor);
      expect(first.executor).toBe(executor);
      expect(first.losses[59]).toBeLessThan(0.7 * first.losses[0]);
      expect(await train(1, 60, executor)).toEqual(first);
      const elsewhere = await Promise.all([inWorker(1, 60, executor), inWorker(1, 60, executor)]);
      expect(elsewhere).toEqual([first, first]);
      expect((await train(2, 60, executor)).params).not.toEqual(first.params);
    },
  );
});
