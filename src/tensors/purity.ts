import { usageError } from '../core/errors.ts';

/** Whether a step is being run right now on this thread. Steps are synchronous, so a flag is enough. */
let running: string | undefined;

/**
 * Runs a step as the pure function it has to be: a step that draws random numbers or reads a clock would be wrong
 * silently once it is compiled (the numbers would be frozen into the program), so it is refused from the start. To
 * compare two recordings is not enough for a clock: both may fall within one of its ticks.
 * @param watched also watch what JavaScript itself offers, which costs a little; the first runs of a program are enough
 */
export function runPurely<T>(program: string, watched: boolean, step: () => T): T {
  const outer = running;
  const release = watched ? watchGlobals() : undefined;
  running = program;
  try {
    return step();
  } finally {
    running = outer;
    release?.();
  }
}

/** Refuses `Math.random` and the clocks until what it returns is called. */
function watchGlobals(): () => void {
  const hrtime = refusal(() => clockError('process.hrtime'));
  const guards = [
    replaced(
      Math,
      'random',
      refusal(() => randomnessError('Math.random')),
    ),
    replaced(
      performance,
      'now',
      refusal(() => clockError('performance.now')),
    ),
    replaced(process, 'hrtime', Object.assign(hrtime, { bigint: hrtime })),
    replaced(globalThis, 'Date', watchedDate(Date)),
  ];
  return () => {
    for (const restore of guards.reverse()) restore();
  };
}

/** `Date` where it takes a moment that it is given; the moment that it is now is refused. */
const watchedDate = (own: DateConstructor): DateConstructor =>
  new Proxy(own, {
    construct(target, given, called) {
      if (given.length === 0) throw clockError('new Date()');
      return Reflect.construct(target, given, called);
    },
    apply() {
      throw clockError('Date()');
    },
    get: (target, key) => (key === 'now' ? refusal(() => clockError('Date.now')) : Reflect.get(target, key)),
  });

/** Puts another value in the place of a property. @returns what puts it back */
function replaced(owner: object, key: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, key);
  Object.defineProperty(owner, key, { value, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(owner, key, own);
    else Reflect.deleteProperty(owner, key);
  };
}

/** An op that draws random numbers, refused inside a step even when it is seeded. */
export function refusedInSteps<F extends (...args: never[]) => unknown>(name: string, op: F): F {
  return ((...args: Parameters<F>) => {
    if (running !== undefined) throw randomnessError(`tf.${name}`);
    return op(...args);
  }) as F;
}

const refusal =
  (error: () => Error): (() => never) =>
  () => {
    throw error();
  };

const randomnessError = (source: string): Error =>
  usageError(
    `${source} inside a step: expected randomness as an input, filled from the actor's random stream`,
  );

const clockError = (source: string): Error =>
  usageError(`${source} inside a step: expected the time as an input`);
