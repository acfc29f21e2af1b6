import { expect, it } from 'vitest';
import { chosen, quartiles } from '../../src/bench/contract.ts';
import { takeTurns } from '../../src/bench/turns.ts';

/** A contestant that takes `ms` a step by its own account, and writes down when its turn was. */
const contestant = (name: string, ms: number, turns: string[]) => ({
  async run(steps: number) {
    turns.push(`${name}${steps}`);
    return steps * ms;
  },
});

it('gives milliseconds a step of each in each round', async () => {
  const turns: string[] = [];
  const times = await takeTurns([contestant('a', 2, turns), contestant('b', 5, turns)], {
    rounds: 3,
    block: 100,
  });
  expect(times).toEqual([
    [2, 2, 2],
    [5, 5, 5],
  ]);
});

it('has them take turns with blocks of about the same time, one more than count', async () => {
  const turns: string[] = [];
  await takeTurns([contestant('a', 2, turns), contestant('b', 50, turns)], { rounds: 2, block: 100 });
  expect(turns.slice(-6)).toEqual(['a50', 'b2', 'a50', 'b2', 'a50', 'b2']);
});

it('has one that takes longer than a block take one step', async () => {
  const turns: string[] = [];
  expect(await takeTurns([contestant('a', 400, turns)], { rounds: 1, block: 100 })).toEqual([[400]]);
  expect(turns.at(-1)).toBe('a1');
});

it('the first round does not count', async () => {
  let runs = 0;
  // Three runs find out how long a step takes; the fourth is the round to warm up.
  const slowAtFirst = { run: async (steps: number) => steps * (++runs <= 4 ? 90 : 10) };
  expect(await takeTurns([slowAtFirst], { rounds: 2, block: 100 })).toEqual([[10, 10]]);
});

it('quarters lie between the values that they fall between', () => {
  expect(quartiles([4, 1, 3, 2])).toEqual({ median: 2.5, q1: 1.75, q3: 3.25 });
});

it('cases are chosen by a part of their name, and one at least', () => {
  const cases = [{ name: 'MLP' }, { name: 'SAC' }];
  expect(chosen(cases, 'SA')).toEqual([{ name: 'SAC' }]);
  expect(chosen(cases)).toEqual(cases);
  expect(() => chosen(cases, 'TD3')).toThrow('expected a part of one of “MLP”, “SAC”, got “TD3”');
});
