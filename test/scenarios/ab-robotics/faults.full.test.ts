import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunFailed } from '../../../src/scenarios/runner/run.ts';
import { resumeRun } from '../../../src/scenarios/runner/start.ts';
import { playCast } from './play-cast.ts';
import { logsOf, play, read, silent, valuesOf } from './play-study.ts';

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
  expect(hurt.done.looks).toEqual(whole.done.looks);
  expect(hurt.done.concealment).toMatchObject({ passed: true });
});

it('a cell that dies in every life ends the run, which says who, is saved, and goes on to the same study', async () => {
  const whole = await play(2);
  threads = [];
  const killAll = (worker: Worker) => worker.once('online', () => void worker.terminate());
  const failed: unknown = await play(2, step => {
    if (step >= 64 && process.listeners('worker').length === 1) {
      process.on('worker', killAll);
      void threads[1].terminate();
    }
    return false;
  }).catch(error => error);
  process.off('worker', killAll);
  if (!(failed instanceof RunFailed)) throw failed;
  expect(failed.message).toMatch(/^ab-robotics, seed 4: study cell\/1: .* \(beyond its budget of 3 restarts/);
  expect(failed.saved).toBeGreaterThanOrEqual(64);
  const rest = await resumeRun(failed.folder, { view: silent, signal: new AbortController().signal });
  expect(rest.status).toBe('finished');
  expect(logsOf(failed.folder)).toEqual(logsOf(whole.folder));
  expect(valuesOf(failed.folder)).toEqual(valuesOf(whole.folder));
  expect(read(failed.folder).guards.filter(({ passed }) => !passed)).toEqual([]);
});
