import { closeSync, openSync } from 'node:fs';
import { z } from 'zod';
import { Random } from '../../src/core/random.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import type { Environment } from '../../src/env/contract.ts';
import { defineEnvironment, makeEnvironment } from '../../src/env/define.ts';
import { type ActionSpace, box, discrete, multiDiscrete, type ValueOf } from '../../src/env/spaces.ts';

/**
 * Identity tasks, as Stable-Baselines3 tests learners with: the best action is what was observed. Episodes of 20 steps,
 * at most 1 a step.
 */
class Identity<A extends ActionSpace> implements Environment<ReturnType<typeof box>, A> {
  readonly observationSpace;
  readonly actionSpace: A;
  readonly #draw: (random: Random, out: Float32Array) => void;
  readonly #score: (shown: Float32Array, action: ValueOf<A>) => number;
  #random = Random.fromSeed(0);
  #shown: Float32Array;
  #steps = 0;

  constructor(
    size: number,
    actionSpace: A,
    draw: (random: Random, out: Float32Array) => void,
    score: (shown: Float32Array, action: ValueOf<A>) => number,
  ) {
    this.observationSpace = box(size, { low: -1, high: 1 });
    this.actionSpace = actionSpace;
    this.#draw = draw;
    this.#score = score;
    this.#shown = new Float32Array(size);
  }

  reset({ seed }: { seed?: number } = {}) {
    if (seed !== undefined) this.#random = Random.fromSeed(seed);
    this.#steps = 0;
    return { observation: this.#show(), info: {} };
  }

  step(action: ValueOf<A>) {
    const reward = this.#score(this.#shown, action);
    return {
      observation: this.#show(),
      reward,
      terminated: false,
      truncated: ++this.#steps === 20,
      info: {},
    };
  }

  #show(): Float32Array {
    this.#shown = this.#shown.slice();
    this.#draw(this.#random, this.#shown);
    return this.#shown;
  }
}

const oneHot = (random: Random, out: Float32Array, from: number, n: number): void => {
  out.fill(0, from, from + n);
  out[from + random.integer(n)] = 1;
};

export const identityDiscrete = defineEnvironment(import.meta.url, {
  name: 'identity-discrete',
  summary: 'Name the one of four that is shown.',
  make: () =>
    new Identity(
      4,
      discrete(4),
      (random, out) => oneHot(random, out, 0, 4),
      (shown, action) => (shown[action] === 1 ? 1 : 0),
    ),
});

export const identityMultiDiscrete = defineEnvironment(import.meta.url, {
  name: 'identity-multi-discrete',
  summary: 'Name the one of two and the one of three that are shown; half a point each.',
  make: () =>
    new Identity(
      5,
      multiDiscrete([2, 3]),
      (random, out) => {
        oneHot(random, out, 0, 2);
        oneHot(random, out, 2, 3);
      },
      (shown, action) => (shown[action[0]] + shown[2 + action[1]]) / 2,
    ),
});

export const identityContinuous = defineEnvironment(import.meta.url, {
  name: 'identity-continuous',
  summary: 'Give the two numbers that are shown.',
  make: () =>
    new Identity(
      2,
      box(2, { low: -1, high: 1 }),
      (random, out) => random.fillUniform(out, -1, 1),
      (shown, action) => 1 - (Math.abs(shown[0] - action[0]) + Math.abs(shown[1] - action[1])) / 2,
    ),
});

/** Whether nobody has come here before: several copies may come at the same time, and one of them is the first. */
function first(mark: string): boolean {
  try {
    closeSync(openSync(mark, 'wx'));
    return true;
  } catch {
    return false;
  }
}

/** Cart-pole that breaks down once in its life, at a step of one of its copies, as `how` says. */
export const mortalCartPole = defineEnvironment(import.meta.url, {
  name: 'mortal-cart-pole',
  summary: 'Cart-pole that breaks down once.',
  options: z.strictObject({
    how: z.enum(['throw', 'exit', 'hang', 'never']),
    at: z.number().int(),
    /** A file that remembers that it has happened. */
    mark: z.string(),
  }),
  async make({ how, at, mark }) {
    const pole = await makeEnvironment(cartPole, {});
    let steps = 0;
    return {
      observationSpace: pole.observationSpace,
      actionSpace: pole.actionSpace,
      reset: options => pole.reset(options),
      step(action) {
        if (++steps === at && how !== 'never' && first(mark)) {
          if (how === 'throw') throw new Error('the pole broke');
          if (how === 'exit') process.exit(7);
          for (;;);
        }
        return pole.step(action as never);
      },
      snapshot: (): Snapshot => ({ pole: pole.snapshot!(), steps }),
      restore(snapshot) {
        const state = snapshot as { pole: Snapshot; steps: number };
        pole.restore!(state.pole);
        steps = state.steps;
      },
    };
  },
});
