import { Random } from '../core/random.ts';
import type { VectorEnvironment } from '../env/contract.ts';
import { loadEnvironment } from '../env/define.ts';
import { resolveEnvironment } from '../env/registry.ts';
import { actionSize, sample } from '../env/spaces.ts';
import { type Bench, type BenchResult, spread } from './contract.ts';

interface Case {
  readonly environment: string;
  readonly copies: number;
  /** Vector steps in one repetition. */
  readonly steps: number;
  readonly bar?: string;
}

const cases: readonly Case[] = [
  { environment: 'cart-pole', copies: 1024, steps: 1000, bar: '≥ 15 M steps/s' },
  { environment: 'pendulum', copies: 1024, steps: 500 },
  { environment: 'acrobot', copies: 1024, steps: 100 },
  { environment: 'mountain-car', copies: 1024, steps: 1000 },
];

/**
 * Environment steps in a second on one core through the public vector `step`: random actions, checks, autoreset with
 * seeded streams and final observations included.
 */
export const bench: Bench = async () => {
  const results: BenchResult[] = [];
  for (const one of cases) results.push(await measure(one));
  return results;
};

const warmUps = 5;
const repetitions = 25;

async function measure({ environment, copies, steps, bar }: Case): Promise<BenchResult> {
  const vector = await loadEnvironment(await resolveEnvironment(environment), copies);
  const actions = randomActions(vector, Random.fromSeed(1));
  vector.reset({ seed: 1 });
  const rates: number[] = [];
  for (let repetition = 0; repetition < warmUps + repetitions; repetition++) {
    const start = performance.now();
    for (let k = 0; k < steps; k++) vector.step(actions[k % actions.length]);
    const seconds = (performance.now() - start) / 1000;
    if (repetition >= warmUps) rates.push((copies * steps) / seconds);
  }
  vector.close();
  const name = `${environment}, ${copies} copies`;
  return { name, unit: 'steps/s', ...spread(rates), ...(bar !== undefined && { bar }) };
}

/** A few columns of random actions, drawn beforehand so that drawing them is not measured. */
function randomActions({ actionSpace, count }: VectorEnvironment, random: Random) {
  const size = actionSize(actionSpace);
  return Array.from({ length: 16 }, () => {
    const column = actionSpace.kind === 'box' ? new Float32Array(count * size) : new Int32Array(count * size);
    for (let i = 0; i < count; i++) {
      const action = sample(actionSpace, random);
      if (typeof action === 'number') column[i] = action;
      else column.set(action as Float32Array, i * size);
    }
    return column;
  });
}
