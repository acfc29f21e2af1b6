import type { System } from '../../../src/actors/index.ts';
import type { Lane } from '../../../src/scenarios/arms/index.ts';

/** A lane on the main thread: enough for worlds that take a second. */
export function mainLane(system: System): Lane {
  const spawn = (definition: never, config: never, options: object) =>
    system.spawn(definition, config, { ...options, on: 'main' });
  return {
    arm: 'test',
    seed: system.seed,
    signal: new AbortController().signal,
    spawn,
    learner: spawn,
    link: (from, to, options) => system.link(from, to, { depth: 64, ...options }),
    progress() {},
    row() {},
  } as Lane;
}
