import { afterEach, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { annealed, pacer } from '../../../src/scenarios/latent-planning/pacer.ts';
import { pendulumSpaces as spaces, tiny } from '../../learners/planet/models.ts';
import { ends } from './ends.ts';

let system: System | undefined;
afterEach(() => system?.stop());

async function cast() {
  system = await startSystem({ seed: 1 });
  const config = { spaces, planet: tiny };
  const others = await system.spawn(ends, config, { on: 'main' });
  const paced = await system.spawn(pacer, config, { on: 'main' });
  system.link(paced.outputs.permits, others.inputs.permits);
  system.link(others.outputs.weights, paced.inputs.weights);
  system.link(others.outputs.metrics, paced.inputs.metrics);
  system.link(others.outputs.traces, paced.inputs.traces);
  return { others, paced };
}

/** Whether a promise has resolved once all that is under way now is handled. */
async function isDone(promise: Promise<unknown>, others: Awaited<ReturnType<typeof cast>>['others']) {
  let done = false;
  promise.then(
    () => {
      done = true;
    },
    () => {},
  );
  for (let i = 0; i < 5; i++) await others.call.permits();
  return done;
}

it('a version is learned when its weights and its figures are there', async () => {
  const { others, paced } = await cast();
  await paced.call.permit({ version: 1, updates: 3, episodes: 2 });
  const learned = paced.call.learned(1);
  await others.call.weights(1);
  expect(await isDone(learned, others)).toBe(false);
  await others.call.metrics(1);
  const { metrics, parameters } = await learned;
  expect(metrics).toMatchObject({ version: 1, updates: 3 });
  expect(new Set(parameters)).toEqual(new Set([1]));
  expect(await others.call.permits()).toEqual([{ version: 1, updates: 3, episodes: 2 }]);
});

it('a version that a later one has replaced is an error', async () => {
  const { others, paced } = await cast();
  await others.call.weights(2);
  await others.call.metrics(2);
  await expect(paced.call.learned(1)).rejects.toThrow('version = 1');
});

it('an episode has begun with its first plan, not with another one’s', async () => {
  const { others, paced } = await cast();
  const begun = paced.call.begun(7);
  await others.call.trace(6, 0);
  await others.call.trace(7, 1);
  expect(await isDone(begun, others)).toBe(false);
  await others.call.trace(7, 0);
  await begun;
});

it('the step size falls over the last share of permits, each having that of its middle', () => {
  const rates = (share: number) => Array.from({ length: 4 }, (_, i) => annealed(i + 1, 4, share));
  expect(rates(0)).toEqual([1, 1, 1, 1]);
  expect(rates(0.5)).toEqual([1, 1, 0.75, 0.25]);
  expect(rates(1)).toEqual([0.875, 0.625, 0.375, 0.125]);
});
