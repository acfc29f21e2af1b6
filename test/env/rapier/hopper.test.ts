import { expect, test } from 'vitest';
import { restStart } from '../../../src/env/rapier/kinematics.ts';
import { make, play, tasks } from './helpers.ts';

/** Plays one episode of every copy. @returns what each copy's info said last, and how many steps it lived */
async function episodes(count: number, act: (actions: Float32Array, step: number) => void) {
  const env = await make('hopper', count);
  env.reset({ seed: 11 });
  const actions = new Float32Array(count * 3);
  const ends = Array.from({ length: count }, () => ({ steps: 0, x: 0, flights: 0, fell: 0 }));
  const running = new Set(ends.keys());
  for (let t = 0; running.size > 0; t++) {
    act(actions, t);
    env.step(actions);
    for (const copy of running) {
      const [x, flights, fell] = ['x', 'flights', 'fell'].map(name => env.info[name][copy]);
      Object.assign(ends[copy], { steps: t + 1, x, flights, fell });
      if (env.terminated[copy] || env.truncated[copy]) running.delete(copy);
    }
  }
  env.close();
  return ends;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('left alone it tips over where it stands', async () => {
  const ends = await episodes(16, actions => actions.fill(0));
  expect(ends.every(end => end.fell === 1 && end.flights === 0)).toBe(true);
  expect(Math.abs(mean(ends.map(end => end.x)))).toBeLessThan(1);
});

test('a blind sine in its joints makes it hop before it falls', async () => {
  // Found by random search: 2.76 Hz, [offset, amplitude, phase] of hip, knee and ankle.
  const waves = [
    [-0.42, 0.38, -0.88],
    [0.04, 0.28, -2.14],
    [0.09, 0.5, -0.03],
  ];
  const ends = await episodes(32, (actions, t) => {
    for (let k = 0; k < actions.length; k++) {
      const [offset, amplitude, phase] = waves[k % 3];
      actions[k] = offset + amplitude * Math.sin(2 * Math.PI * 2.76 * 0.02 * t + phase);
    }
  });
  expect(mean(ends.map(end => end.flights))).toBeGreaterThan(4);
  expect(mean(ends.map(end => end.x))).toBeGreaterThan(1);
});

test('flights are counted from the ground up, at every physics step', async () => {
  const env = await make('hopper', 1);
  const idle = new Float32Array(3);
  env.reset({ seed: 1 });
  // The drop at the start is no flight.
  for (let t = 0; t < 15; t++) env.step(idle);
  expect(env.info['airborne'][0]).toBe(0);
  expect(env.info['flights'][0]).toBe(0);
  // One strong push off the ground is one, however long it lasts.
  for (let t = 0; t < 5; t++) env.step(Float32Array.of(0.5, 0.9, -0.6));
  let air = 0;
  for (let t = 0; t < 12 && env.terminated[0] === 0; t++) {
    env.step(idle);
    air += env.info['airborne'][0];
  }
  expect(air * 0.02).toBeGreaterThan(0.05);
  expect(env.info['flights'][0]).toBe(1);
  env.close();
});

test.each([
  ['leaning too far back', { turn: 0.75, lift: 0.3 }, 1],
  ['leaning too far forward', { turn: -0.75, lift: 0.3 }, 1],
  ['leaning, but not too far', { turn: 0.6, lift: 0.3 }, 0],
])('%s', async (_, { turn, lift }, fell) => {
  const env = await make('hopper', 1);
  const start = restStart(tasks['hopper'].robot);
  start.turn[2] = turn;
  start.position[1] = lift;
  env.world.start(0, start);
  env.step(new Float32Array(3));
  expect(env.info['fell'][0]).toBe(fell);
  expect(env.terminated[0]).toBe(fell);
  env.close();
});

test('the reward is speed, health and effort', async () => {
  const env = await make('hopper', 1);
  env.reset({ seed: 2 });
  let before = 0;
  for (let t = 0; t < 60; t++) {
    const actions = Float32Array.of(0.3, -0.2, 0.5);
    env.step(actions);
    const speed = (env.info['x'][0] - before) / 0.02;
    before = env.info['x'][0];
    const healthy = 1 - env.info['fell'][0];
    expect(env.rewards[0]).toBeCloseTo(speed + healthy - 0.01 * (0.09 + 0.04 + 0.25), 3);
    if (env.terminated[0]) break;
  }
  env.close();
});

test('an end hands over the true last observation and begins anew', async () => {
  const env = await make('hopper', 2);
  env.reset({ seed: 5 });
  let ended = -1;
  const idle = new Float32Array(6);
  for (let t = 0; ended < 0; t++) {
    env.step(idle);
    ended = env.terminated.indexOf(1);
    expect(t).toBeLessThan(500);
  }
  const final = env.finalObservations.subarray(ended * 11, ended * 11 + 11);
  const next = env.observations.subarray(ended * 11, ended * 11 + 11);
  expect(final[0]).toBeCloseTo(env.info['height'][ended], 5);
  expect(next[0]).toBeGreaterThan(1.1);
  expect(env.info['x'][ended]).not.toBeCloseTo(0, 4);
  env.close();
});

test('an episode that does not end is truncated after 500 steps', async () => {
  const env = await make('hopper', 1);
  env.reset({ seed: 5 });
  const start = restStart(tasks['hopper'].robot);
  const idle = new Float32Array(3);
  for (let t = 1; t <= 500; t++) {
    // Held up: put back on its leg before it can tip over.
    start.position[1] = 0.05;
    env.world.start(0, start);
    env.step(idle);
    expect(env.truncated[0]).toBe(t === 500 ? 1 : 0);
    expect(env.terminated[0]).toBe(0);
  }
  env.close();
});

test('random actions do not get far', async () => {
  const env = await make('hopper', 16);
  env.reset({ seed: 3 });
  play(env, 3, 100);
  expect(mean([...env.info['x']])).toBeLessThan(1);
  env.close();
});
