import { usageError } from '../core/errors.ts';

/** Whether a step is being run right now on this thread. Steps are synchronous, so a flag is enough. */
let running: string | undefined;

/**
 * Runs a step as the pure function it has to be: a step that draws random numbers would be wrong silently once it is
 * compiled (the numbers would be frozen into the program), so it is refused from the start.
 * @param watchRandom also watch `Math.random`, which costs a little; the first runs of a program are enough
 */
export function runPurely<T>(program: string, watchRandom: boolean, step: () => T): T {
  const outer = running;
  const random = Math.random;
  running = program;
  if (watchRandom) {
    Math.random = () => {
      throw randomnessError('Math.random');
    };
  }
  try {
    return step();
  } finally {
    running = outer;
    if (watchRandom) Math.random = random;
  }
}

/** An op that draws random numbers, refused inside a step even when it is seeded. */
export function refusedInSteps<F extends (...args: never[]) => unknown>(name: string, op: F): F {
  return ((...args: Parameters<F>) => {
    if (running !== undefined) throw randomnessError(`tf.${name}`);
    return op(...args);
  }) as F;
}

const randomnessError = (source: string): Error =>
  usageError(
    `${source} inside a step: expected randomness as an input, filled from the actor's random stream`,
  );
