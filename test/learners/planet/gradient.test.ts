import { expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { chunkTerms } from '../../../src/learners/planet/chunk.ts';
import { planetLoss } from '../../../src/learners/planet/loss.ts';
import { type PlanetParams, planetInit } from '../../../src/learners/planet/networks.ts';
import { type HostTensor, mapTree, type Tensor, tf, valueAndGrad } from '../../../src/tensors/index.ts';
import { noiseInputs } from './episodes.ts';
import { modelOf, tiny } from './models.ts';
import { loss64, type Params64 } from './reference64.ts';

it('loss and gradient are those of double precision, by finite differences', () => {
  const model = modelOf({ ...tiny, length: 3 });
  const initial = planetInit(Random.fromSeed(8), model);
  const inputs = noiseInputs(model, 9);
  const params = mapTree<HostTensor, Tensor>(initial, deviceOf) as unknown as PlanetParams<Tensor>;
  const { observations, actions, rewards, noise } = inputs;
  const chunks = {
    observations: deviceOf(observations),
    actions: deviceOf(actions),
    rewards: deviceOf(rewards),
    noise: deviceOf(noise),
  };
  const { loss, gradient } = valueAndGrad(
    (candidate: PlanetParams<Tensor>) => planetLoss(chunkTerms(candidate, chunks, model), model.config),
    params,
  );

  const params64 = mapTree<HostTensor, unknown>(initial, nested) as unknown as Params64;
  const chunks64 = {
    observations: nested(observations) as number[][][],
    actions: nested(actions) as number[][][],
    rewards: nested(rewards) as number[][],
    noise: nested(noise) as number[][][],
  };
  const reference = () => loss64(params64, chunks64, model);
  expect(loss.dataSync()[0] / reference()).toBeCloseTo(1, 6);

  const slopes = gradient.dataSync();
  const rows = vectorsOf(params64);
  const longest = Math.max(...slopes.map(Math.abs));
  expect(rows.reduce((sum, row) => sum + row.length, 0)).toBe(slopes.length);
  let at = 0;
  let looked = 0;
  for (const row of rows) {
    // One number of each row of each matrix, and of each bias.
    const i = (at * 7) % row.length;
    const before = row[i];
    const [above, below] = [1e-5, -1e-5].map(step => {
      row[i] = before + step;
      return reference();
    });
    row[i] = before;
    expect(Math.abs((above - below) / 2e-5 - slopes[at + i]) / longest).toBeLessThan(1e-5);
    at += row.length;
    looked++;
  }
  expect(looked).toBeGreaterThan(50);
});

const deviceOf = ({ data, shape }: HostTensor): Tensor => tf.tensor(data, [...shape]);

/** A tensor as arrays in arrays. */
function nested({ data, shape }: HostTensor): unknown {
  const [length, ...rest] = shape;
  if (length === undefined) return data[0];
  const size = data.length / length;
  return Array.from({ length }, (_, i) =>
    nested({ shape: rest, data: data.slice(i * size, (i + 1) * size) }),
  );
}

/** Every row of numbers in a tree, in layout order. */
const vectorsOf = (tree: unknown): number[][] =>
  Array.isArray(tree) && typeof tree[0] === 'number'
    ? [tree as number[]]
    : Object.values(tree as object).flatMap(vectorsOf);
