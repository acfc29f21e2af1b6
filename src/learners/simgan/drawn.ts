import type { Memory, Play, RobotDescription, RobotWorld } from '../../env/rapier/index.ts';

/**
 * A task at work whose parameters are drawn evenly for each episode: written into its memory at the start, told in its info.
 * @param ranges from where to where, by name
 * @param settle brings a copy in line with what its memory says: after a draw, and wherever a state was put there
 */
export function drawnPerEpisode<D extends string>(
  base: Play,
  { memory, info }: { readonly memory: Memory<D>; readonly info: Readonly<Record<D, Float32Array>> },
  ranges: Readonly<Record<D, readonly [number, number]>>,
  settle: (copy: number) => void,
): Play {
  const names = Object.keys(ranges) as D[];
  return {
    ...base,
    start(random, start, copy) {
      base.start(random, start, copy);
      for (const name of names) memory[name][copy] = random.uniform(...ranges[name]);
      settle(copy);
    },
    measure(copy) {
      base.measure(copy);
      settle(copy);
      for (const name of names) info[name][copy] = memory[name][copy];
    },
  };
}

/** Gives a robot's bodies so many times their masses, where they have others. @param times by copy */
export function weigher(
  world: RobotWorld,
  { bodies }: RobotDescription,
  times: ArrayLike<number>,
): (copy: number) => void {
  const weighed = new Float64Array(world.count).fill(1);
  return copy => {
    if (weighed[copy] === times[copy]) return;
    weighed[copy] = times[copy];
    for (const [b, { mass }] of bodies.entries()) world.weigh(copy, b, times[copy] * mass);
  };
}
