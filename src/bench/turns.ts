/** One of several that are timed at the same thing. */
export interface Contestant {
  /** @returns milliseconds for all `steps` together */
  run(steps: number): Promise<number>;
}

/** How long contestants take turns. */
export interface TurnOptions {
  /** Blocks of each that count; one before them does not. Default 9. */
  readonly rounds?: number;
  /** About how long a block takes, in milliseconds; at least one step. Default 150. */
  readonly block?: number;
}

/**
 * Times several at the same thing on a machine whose pace changes: blocks of steps in turns, so that what slows one
 * down slows down all.
 * @returns milliseconds a step of each contestant in each round, [contestant][round]
 */
export async function takeTurns(
  contestants: readonly Contestant[],
  { rounds = 9, block = 150 }: TurnOptions = {},
): Promise<number[][]> {
  const steps: number[] = [];
  for (const contestant of contestants) {
    // The first steps compile and allocate; how long a block has to be is judged by those after them.
    await contestant.run(2);
    const trial = Math.max(1, Math.min(20, Math.round(block / 10 / (await contestant.run(1)))));
    steps.push(Math.max(1, Math.round((block * trial) / (await contestant.run(trial)))));
  }
  const times: number[][] = contestants.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, contestant] of contestants.entries()) {
      const time = (await contestant.run(steps[i])) / steps[i];
      if (round > 0) times[i].push(time);
    }
  }
  return times;
}
