import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const built = fileURLToPath(new URL('../../dist/bench/ppo-run.js', import.meta.url));

it('times a run in a process of its own: a figure for each round after those that warm up', () => {
  const ppo = { workers: 1, environments: 2, horizon: 16, minibatch: 16, epochs: 1 };
  const run = { environment: 'cart-pole', rounds: 3, warmUps: 1, ppo };
  const positive = expect.toSatisfy((value: number) => value > 0);
  const output = execFileSync(process.execPath, [built, JSON.stringify(run)], { encoding: 'utf8' });
  expect(JSON.parse(output.trimEnd().split('\n').at(-1)!)).toEqual({
    rates: [positive, positive],
    minibatches: [positive, positive],
  });
});
