import { expect, it } from 'vitest';
import { playCast } from './play-cast.ts';

it('writes the same logs with 1, 2 and 4 cells', async () => {
  const one = await playCast(1);
  for (const workers of [2, 4]) {
    const other = await playCast(workers);
    expect(other.logs).toEqual(one.logs);
    expect(other.done.looks).toEqual(one.done.looks);
  }
});
