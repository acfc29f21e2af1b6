import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { playCast } from './play-cast.ts';

/** Threads in the order in which they were made: the runtime gives none out. */
let threads: Worker[] = [];
const seen = (worker: Worker): void => void threads.push(worker);
beforeEach(() => {
  threads = [];
  process.on('worker', seen);
});
afterEach(() => {
  process.off('worker', seen);
});

it('a cell whose thread is killed is restarted within its budget, and the logs are the same', async () => {
  const whole = await playCast(2);
  const killAt = [20, 60];
  const hurt = await playCast(2, {
    told(trials) {
      if (trials >= killAt[0]) {
        killAt.shift();
        void threads.at(-1)?.terminate();
      }
      return false;
    },
  });
  expect(hurt.restarted).toEqual(['experiment cell/1', 'experiment cell/1']);
  expect(hurt.logs).toEqual(whole.logs);
  expect(hurt.done).toEqual({ ...whole.done, concealment: expect.objectContaining({ passed: true }) });
});
