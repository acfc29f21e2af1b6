import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { startWorker } from '../../src/actors/runtime/worker-flags.ts';
import { deviceLock } from '../../src/core/device-lock.ts';

const entry = new URL('./fixtures/lock-worker.mjs', import.meta.url);
const counter = new Int32Array(new SharedArrayBuffer(8));
const workers: Worker[] = [];

afterEach(async () => {
  await Promise.all(workers.splice(0).map(worker => worker.terminate()));
});

function start(data: object, how: (entry: URL, options: { workerData: object }) => Worker = startWorker) {
  const worker = how(entry, { workerData: { counter, ...data } });
  workers.push(worker);
  return { worker, said: once(worker, 'message').then(([message]) => message) };
}

it('makes threads take turns, and is freed where one of them is terminated amid a call', async () => {
  const times = 2000;
  const both = [start({ times }), start({ times })];
  expect(await Promise.all(both.map(({ said }) => said))).toEqual(['done', 'done']);
  expect(counter[0]).toBe(2 * times);

  const hung = start({ hang: true });
  expect(await hung.said).toBe('held');
  const waiting = start({ times: 1 });
  await hung.worker.terminate();
  expect(await waiting.said).toBe('done');
  expect(deviceLock()!.hold(() => deviceLock()!.hold(() => 'twice'))).toBe('twice');
});

it('is freed where a call throws', () => {
  const lock = deviceLock()!;
  expect(() =>
    lock.hold(() => {
      throw new Error('in it');
    }),
  ).toThrow('in it');
  expect(lock.hold(() => 1)).toBe(1);
});
