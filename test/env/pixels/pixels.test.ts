import { afterEach, expect, test } from 'vitest';
import { checkEnvironment, describeReport } from '../../../src/env/check/check.ts';
import type { VectorEnvironment } from '../../../src/env/contract.ts';
import { describeEnvironment, loadEnvironment } from '../../../src/env/define.ts';
import { type PixelsOptions, pixels } from '../../../src/env/pixels/pixels.ts';
import { Rasteriser } from '../../../src/env/pixels/rasteriser.ts';
import { views } from '../../../src/env/pixels/views.ts';
import { resolveEnvironment } from '../../../src/env/registry.ts';

const open: VectorEnvironment[] = [];
afterEach(() => {
  for (const env of open.splice(0)) env.close();
});

async function make(name: string, count: number, options?: PixelsOptions, inner = {}) {
  const env = await loadEnvironment(pixels(await resolveEnvironment(name, inner), options), count);
  open.push(env);
  return env;
}
const plain = async (name: string, count: number, inner = {}) => {
  const env = await loadEnvironment(await resolveEnvironment(name, inner), count);
  open.push(env);
  return env;
};

/** What the rasteriser makes of a scene. */
function drawn(name: string, env: VectorEnvironment, size: number, colors: 'grey' | 'rgb'): number[] {
  const rasteriser = new Rasteriser({ size, colors, view: views[name] });
  return [...rasteriser.draw(env.render!(0))];
}

test('an environment seen as pixels keeps the rules of environments', async () => {
  const ref = pixels(await resolveEnvironment('pendulum', { maxEpisodeSteps: 12 }), { size: 8, frames: 2 });
  const report = await checkEnvironment(ref, { steps: 20 });
  expect(describeReport(report)).toContain('pixels: keeps the 25 rules');
  expect(report.passed).toBe(true);
});

test('observations are bytes in rows, columns and channels; all else is as the environment has it', async () => {
  const ref = pixels(await resolveEnvironment('hopper'), { size: 32, colors: 'rgb', frames: 3 });
  const described = await describeEnvironment(ref);
  expect(described.observationSpace).toEqual({ kind: 'box', shape: [32, 32, 9], low: 0, high: 255 });
  const [seen, bare] = [await make('hopper', 2, { size: 32 }), await plain('hopper', 2)];
  for (const env of [seen, bare]) env.reset({ seed: 4 });
  for (let t = 0; t < 80; t++) {
    const actions = Float32Array.from({ length: 6 }, (_, k) => Math.sin(t + k));
    seen.step(actions);
    bare.step(actions);
    for (const column of ['rewards', 'terminated', 'truncated'] as const)
      expect(seen[column]).toEqual(bare[column]);
    expect(seen.info).toEqual(bare.info);
    expect([...seen.observations.slice(0, 1024)]).toEqual(drawn('hopper', bare, 32, 'grey'));
  }
  expect(seen.render!(1)).toEqual(bare.render!(1));
});

test('the final observation shows the end, and the next episode begins with its own first picture', async () => {
  const limit = { maxEpisodeSteps: 5 };
  const [cut, whole] = [
    await make('pendulum', 1, { size: 16, frames: 2 }, limit),
    await plain('pendulum', 1),
  ];
  for (const env of [cut, whole]) env.reset({ seed: 1 });
  for (let t = 1; t <= 5; t++) for (const env of [cut, whole]) env.step(Float32Array.of(2));
  expect(cut.truncated[0]).toBe(1);
  const latest = (column: Float32Array) => [...column].filter((_, k) => k % 2 === 1);
  const older = (column: Float32Array) => [...column].filter((_, k) => k % 2 === 0);
  expect(latest(cut.finalObservations)).toEqual(drawn('pendulum', whole, 16, 'grey'));
  expect(older(cut.finalObservations)).not.toEqual(latest(cut.finalObservations));
  expect(latest(cut.observations)).not.toEqual(latest(cut.finalObservations));
  expect(older(cut.observations)).toEqual(latest(cut.observations));
  const before = latest(cut.observations);
  cut.step(Float32Array.of(2));
  expect(older(cut.observations)).toEqual(before);
  expect(latest(cut.observations)).not.toEqual(before);
});

test('environments of one copy end the same way', async () => {
  const env = await make('pendulum', 1, { size: 16, view: { span: 3 } }, { maxEpisodeSteps: 1 });
  let ends = 0;
  env.onEnd!(index => {
    ends++;
    expect(index).toBe(0);
  });
  for (let t = 0; t < 3; t++) env.step(Float32Array.of(0));
  expect(ends).toBe(3);
});

test('the same seed gives the same bytes, and what stands still looks the same', async () => {
  const [a, b] = [await make('ant', 1, { size: 32 }), await make('ant', 1, { size: 32 })];
  for (const env of [a, b]) env.reset({ seed: 2 });
  for (let t = 0; t < 15; t++) {
    for (const env of [a, b]) env.step(Float32Array.from({ length: 8 }, (_, k) => Math.sin(t * k)));
    expect(a.observations).toEqual(b.observations);
  }
});

test('where nothing moves, no byte changes', async () => {
  const still = { module: new URL('./still.ts', import.meta.url).href, name: 'statue', options: {} };
  const env = await loadEnvironment(pixels(still, { size: 16, frames: 2 }), 1);
  open.push(env);
  env.reset({ seed: 1 });
  const first = env.observations.slice();
  expect(new Set(first).size).toBeGreaterThan(2);
  for (let t = 0; t < 3; t++) {
    env.step(Float32Array.of(1));
    expect(env.observations).toEqual(first);
    expect(env.rewards[0]).toBe(t + 1);
  }
});

test('the cart is where its info says: a fixed picture has eight pixels a metre at 32, sixteen at 64', async () => {
  const env = await make('cart-pole-swing-up', 1, { size: 64 });
  env.reset({ seed: 1 });
  const meanX = () => {
    let [sum, weight] = [0, 0];
    for (let k = 0; k < env.observations.length; k++) {
      const dark = Math.max(0, 150 - env.observations[k]);
      sum += dark * (k % 64);
      weight += dark;
    }
    return (sum / weight - 31.5) / 16;
  };
  for (let t = 0; t < 20; t++) {
    env.step(Float32Array.of(1));
    expect(Math.abs(meanX() - env.info['x'][0])).toBeLessThan(0.55);
  }
  expect(meanX()).toBeGreaterThan(0.8);
});

test('an environment without pictures, and options that are wrong, are told in one line', async () => {
  const bare = { module: new URL('./still.ts', import.meta.url).href, name: 'blind', options: {} };
  await expect(loadEnvironment(pixels(bare), 1)).rejects.toThrow(
    'environment pixels: blind has no render, expected both render and onEnd',
  );
  expect(() => pixels(bare, { size: 4 })).toThrow('size');
  expect(() => pixels(bare, { frames: 0 })).toThrow('frames');
});
