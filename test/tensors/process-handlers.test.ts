import { expect, test } from 'vitest';
import { initTensors } from '../../src/tensors/index.ts';

// In a file of its own: a backend starts once a process.
test('starting the tensors leaves the process as it was', async () => {
  const listeners = () =>
    ['uncaughtException', 'unhandledRejection'].map(event => process.listenerCount(event));
  const before = listeners();
  expect((await initTensors('eager/wasm')).name).toBe('eager/wasm');
  expect(listeners()).toEqual(before);
});
