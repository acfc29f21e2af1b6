import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as web from 'onnxruntime-web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boundedActions } from '../../../src/actors/bounded-actions.ts';
import { checkExport } from '../../../src/actors/export/check.ts';
import { flatParts } from '../../../src/actors/export/describe.ts';
import { policyModule } from '../../../src/actors/export/module.ts';
import { policyOnnx } from '../../../src/actors/export/onnx.ts';
import type { ExportedPolicy } from '../../../src/actors/export/policy-graph.ts';
import { loadPolicy, type PolicyRef, policyRef } from '../../../src/actors/policy.ts';
import { fillNoise } from '../../../src/actors/policy-programs.ts';
import { Random } from '../../../src/core/random.ts';
import {
  type ActionSpace,
  actionSize,
  box,
  dict,
  discrete,
  flatSize,
  multiDiscrete,
  type Space,
} from '../../../src/env/spaces.ts';
import { ppoPolicy } from '../../../src/learners/ppo/networks.ts';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { initTensors, mapTree, type Tensor, tf } from '../../../src/tensors/index.ts';
import { oddPolicy } from './odd-policy.ts';

const ROWS = 1000;
const folder = mkdtempSync(join(tmpdir(), 'troupe-export-'));
beforeAll(() => initTensors());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A policy with parameters that do something: layers of ordinary size, and a normaliser that moves and stretches. */
function trained(observation: Space, action: ActionSpace, normalizeObservations = true): ExportedPolicy {
  const policy = policyRef(ppoPolicy, { hidden: [32, 16], normalizeObservations }, { observation, action });
  const random = Random.fromSeed(3);
  const parameters = new Float32Array(policy.size);
  for (let i = 0; i < parameters.length; i++) parameters[i] = random.normal() * 0.4;
  return { policy, parameters };
}

function randomRows(width: number, seed: number): Float32Array {
  const values = new Float32Array(ROWS * width);
  Random.fromSeed(seed).fillNormal(values);
  return values.map(value => value * 2);
}

/** The policy op by op on tfjs, with the bounds as actors apply them. */
async function eagerly(
  { policy: ref, parameters }: ExportedPolicy,
  observations: Float32Array,
  noise?: Float32Array,
) {
  const policy = await loadPolicy(ref);
  const { action, observation } = ref.spaces;
  const values = tf.tidy(() => {
    let at = 0;
    const params = mapTree<{ shape: readonly number[] }, Tensor>(
      policy.init(Random.fromSeed(0)),
      ({ shape }) => {
        const size = shape.reduce((product, n) => product * n, 1);
        at += size;
        return tf.tensor(parameters.slice(at - size, at), [...shape]);
      },
    );
    const seen = { params, observations: tf.tensor2d(observations, [ROWS, flatSize(observation)]) };
    const actions = noise
      ? policy.act({ ...seen, noise: tf.tensor2d(noise, [ROWS, policy.noise.size]) })
      : policy.decide(seen);
    return actions.dataSync();
  });
  return Array.from(boundedActions(action, ROWS)(values));
}

const rowsOf = (values: Float32Array, width: number) =>
  Array.from({ length: ROWS }, (_, row) => values.subarray(row * width, (row + 1) * width));

/** Both for real numbers and for choices; a choice that differs would be off by one at least. */
function near(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  const gaps = expected.map((value, i) => Math.abs(value - got[i]));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(1e-5);
}

let modules = 0;
async function imported(exported: ExportedPolicy, sample: boolean) {
  const { code } = await policyModule(exported, { sample });
  const file = join(folder, `policy-${modules++}.mjs`);
  writeFileSync(file, code);
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
    act(observation: ArrayLike<number>, noise?: ArrayLike<number>): number | Float32Array | Int32Array;
    drawNoise?(random?: () => number): Float32Array;
    readonly spaces: object;
  };
}

const spaces: readonly [string, Space, ActionSpace, boolean][] = [
  ['a bounded box', box(11), box(3, { low: [-1, -0.2, -0.1], high: [1, 0.5, 0.1] }), true],
  ['a box bounded below in part', box([2, 3]), box(2, { low: [0, -Infinity] }), true],
  ['choices', box(4), discrete(5), true],
  ['choices without a normaliser', box(4), discrete(2), false],
  ['several choices', dict({ where: box(3), goal: discrete(3) }), multiDiscrete([2, 3, 4]), true],
];

describe('an exported policy', () => {
  for (const sample of [false, true]) {
    it.each(spaces)(
      `${sample ? 'that draws' : 'that decides'}, %s: on 1,000 observations the file and the module act as the policy does`,
      async (_, observation, action, normalized) => {
        const exported = trained(observation, action, normalized);
        const [width, size] = [flatSize(observation), actionSize(action)];
        const observations = randomRows(width, 11);
        const policy = await loadPolicy(exported.policy);
        const noise = new Float32Array(ROWS * policy.noise.size);
        fillNoise(policy.noise.kind, Random.fromSeed(12), noise);
        const expected = await eagerly(exported, observations, sample ? noise : undefined);
        expect(new Set(expected).size).toBeGreaterThan(1);

        const { bytes, oneRow } = await policyOnnx(exported, { sample });
        expect(oneRow).toBeUndefined();
        const cpu = startOnnxCpu();
        const session = cpu.loadSync!(bytes);
        const feeds = (rows: number) => ({
          observations: cpu.tensor('float32', observations.subarray(0, rows * width), [rows, width]),
          ...(sample && {
            noise: cpu.tensor('float32', noise.subarray(0, rows * policy.noise.size), [
              rows,
              policy.noise.size,
            ]),
          }),
        });
        const { actions } = session.runSync!(feeds(ROWS));
        expect(actions.dims).toEqual([ROWS, size]);
        expect(actions.type).toBe(action.kind === 'box' ? 'float32' : 'int32');
        near(Array.from(actions.data as Float32Array), expected);
        const first = session.runSync!(feeds(3)).actions.data as Float32Array;
        near(Array.from(first), expected.slice(0, 3 * size));

        const module = await imported(exported, sample);
        expect(module.spaces).toEqual(exported.policy.spaces);
        const noises = rowsOf(noise, policy.noise.size);
        near(
          rowsOf(observations, width).flatMap((row, i) => {
            const acted = sample ? module.act(row, noises[i]) : module.act(row);
            return typeof acted === 'number' ? [acted] : Array.from(acted);
          }),
          expected,
        );
      },
    );
  }

  it('opens in onnxruntime-web, with the same actions', async () => {
    const exported = trained(box(11), box(3, { low: -1, high: 1 }));
    const observations = randomRows(11, 11);
    web.env.wasm.numThreads = 1;
    const { bytes } = await policyOnnx(exported);
    const session = await web.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
    const input = new web.Tensor('float32', observations, [ROWS, 11]);
    const { actions } = await session.run({ observations: input });
    near(Array.from(actions.data as Float32Array), await eagerly(exported, observations));
    await session.release();
  });

  it('says in the file what it sees, what comes out and what was done to it', async () => {
    const action = box(2, { low: [-1, -Infinity], high: 1 });
    const exported = trained(dict({ where: box(2), goal: discrete(3) }), action);
    const { metadata, bytes } = await policyOnnx(exported, { sample: true }, { scenario: 'mine', seed: '7' });
    expect(metadata).toMatchObject({ scenario: 'mine', seed: '7', policy: 'ppo', batch: 'any' });
    expect(JSON.parse(metadata['action_space'])).toEqual(action);
    expect(JSON.parse(metadata['action_bounds'])).toEqual({ applied: true, low: [-1, null], high: [1, 1] });
    expect(JSON.parse(metadata['observation_layout'])).toEqual([
      { name: 'where', offset: 0, size: 2, holds: 'numbers' },
      { name: 'goal', offset: 2, size: 3, holds: 'one-hot' },
    ]);
    expect(JSON.parse(metadata['noise'])).toMatchObject({ kind: 'normal', size: 2 });
    expect(JSON.parse(metadata['normalization'])).toEqual({
      inside: true,
      observations: 'raw',
      mean: [...exported.parameters.subarray(0, 5)],
      scale: [...exported.parameters.subarray(5, 10)],
    });
    for (const text of ['observation_layout', 'cut to the bounds of the space']) {
      expect(Buffer.from(bytes).includes(text)).toBe(true);
    }
  });

  it('the module refuses what is not an observation, and gives each caller an action of its own', async () => {
    const { act, drawNoise } = await imported(trained(box(4), box(2)), true);
    expect(() => act([1, 2, 3])).toThrow('observation: 3 numbers, expected 4');
    expect(() => act([1, 2, 3, 4], [0])).toThrow('noise: 1 numbers, expected 2');
    const first = act([1, 2, 3, 4], [0, 0]) as Float32Array;
    const copy = first.slice();
    act([4, 3, 2, 1], [1, 1]);
    expect(first).toEqual(copy);
    const random = Random.fromSeed(5);
    const drawn = Array.from({ length: 4000 }, () => [...drawNoise!(() => random.uniform())]).flat();
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan(0.05); // four and a half standard errors
    expect(Math.abs(variance - 1)).toBeLessThan(0.08);
  });

  it('the drawn choices of a module follow the probabilities', async () => {
    const exported = trained(box(4), discrete(3));
    const { act, drawNoise } = await imported(exported, true);
    const random = Random.fromSeed(6);
    const counts = [0, 0, 0];
    const expected = [0, 0, 0];
    const wide = Random.fromSeed(8);
    const row = [0.1, -0.4, 0.3, 0.2];
    for (let i = 0; i < 4000; i++) {
      counts[
        act(
          row,
          drawNoise!(() => random.uniform()),
        ) as number
      ]++;
      const noise = new Float32Array(3);
      fillNoise('gumbel', wide, noise);
      expected[act(row, noise) as number]++;
    }
    counts.forEach((count, i) => {
      // Five standard errors of a difference of two shares.
      expect(Math.abs(count - expected[i])).toBeLessThan(5 * Math.sqrt(2 * 4000 * 0.25));
    });
  });
});

describe('a policy that is odd', () => {
  const odd = (how: 'rows' | 'reads' | 'width'): ExportedPolicy => {
    const policy: PolicyRef = policyRef(oddPolicy, { how }, { observation: box(2), action: box(1) });
    return { policy, parameters: Float32Array.of(3, -1) };
  };

  it('takes one row where its actions depend on the number of rows, and says why', async () => {
    const onnx = await policyOnnx(odd('rows'));
    expect(onnx.oneRow).toBe('a constant of Mul depends on the number of rows');
    expect(onnx.metadata['batch']).toBe('1');
    const cpu = startOnnxCpu();
    const { actions } = cpu.loadSync!(onnx.bytes).runSync!({
      observations: cpu.tensor('float32', Float32Array.of(1, 2), [1, 2]),
    });
    expect([...(actions.data as Float32Array)]).toEqual([1]);
    expect(await checkExport(onnx, odd('rows'))).toMatchObject({ ways: ['one by one', 'as JavaScript'] });
  });

  it('is refused in one line where it reads values, or gives actions of another form', async () => {
    await expect(policyOnnx(odd('reads'))).rejects.toThrow(
      /^policy odd: a step reads the values of a tensor/,
    );
    await expect(policyModule(odd('width'))).rejects.toThrow(
      'policy odd: actions: expected float32 [1, 1], got float32 [1, 2]',
    );
    const exported = trained(box(2), discrete(2));
    await expect(policyOnnx({ ...exported, parameters: new Float32Array(3) })).rejects.toThrow(
      'parameters, got 3',
    );
  });

  it('is found out where the file acts otherwise than the policy', async () => {
    const exported = trained(box(3), box(2));
    const other = await policyOnnx({
      ...exported,
      parameters: exported.parameters.map(value => value + 0.1),
    });
    await expect(checkExport(other, exported)).rejects.toThrow(
      /acts otherwise as JavaScript than one by one/,
    );
  });
});

it('flatParts follows the order of flatten', () => {
  expect(flatParts(dict({ a: multiDiscrete([2, 3]), b: dict({ c: box(2) }) }))).toEqual([
    { name: 'a[0]', offset: 0, size: 2, holds: 'one-hot' },
    { name: 'a[1]', offset: 2, size: 3, holds: 'one-hot' },
    { name: 'b.c', offset: 5, size: 2, holds: 'numbers' },
  ]);
});
