import { TroupeError, usageError } from '../../core/errors.ts';
import type { Random, RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { after } from './after.ts';
import type { PlanningModel } from './contract.ts';

/**
 * The candidates of all agents: room for them and for what the model says of them, made once. Plans and their spreads are
 * held in units in which the bounds are ±1; where there are none, in the action's own.
 */
export class Candidates {
  readonly agents: number;
  /** J */
  readonly count: number;
  /** H */
  readonly horizon: number;
  /** A */
  readonly actionSize: number;
  /** H × A: numbers in a plan. */
  readonly planSize: number;
  /** [N × J × H × A], as the model gets them. */
  readonly actions: Float32Array;
  /** [N × J] */
  readonly returns: Float32Array;
  /** Greatest of an agent's returns, [N]. */
  readonly best: Float64Array;
  readonly #model: PlanningModel;
  readonly #middle: Float64Array;
  readonly #half: Float64Array;
  readonly #low: Float32Array;
  readonly #high: Float32Array;
  readonly #noise: Float32Array;
  readonly #noiseOf: readonly Float32Array[];
  readonly #chosen: Float32Array;
  #streams: Random[] = [];
  #exploring: Random[] = [];

  constructor(model: PlanningModel, count: number, horizon: number, random: Random) {
    const { actionSize, agents = 1 } = model;
    for (const [name, value] of Object.entries({ agents, actionSize, candidates: count, horizon })) {
      if (!Number.isInteger(value) || value < 1)
        throw usageError(`planner: ${name} = ${value}, expected a whole number of at least 1`);
    }
    this.#model = model;
    this.agents = agents;
    this.count = count;
    this.horizon = horizon;
    this.actionSize = actionSize;
    this.planSize = horizon * actionSize;
    this.#low = boundsAs(model.low, actionSize, 'low');
    this.#high = boundsAs(model.high, actionSize, 'high');
    this.#middle = new Float64Array(actionSize);
    this.#half = new Float64Array(actionSize).fill(1);
    for (let a = 0; a < actionSize; a++) {
      const [low, high] = [this.#low[a], this.#high[a]];
      if (!(low <= high))
        throw usageError(`planning model: low[${a}] = ${low}, expected at most high, ${high}`);
      if (!Number.isFinite(low) || !Number.isFinite(high)) continue;
      this.#middle[a] = (low + high) / 2;
      this.#half[a] = (high - low) / 2;
    }
    const each = count * this.planSize;
    this.actions = new Float32Array(agents * each);
    this.returns = new Float32Array(agents * count);
    this.best = new Float64Array(agents);
    this.#noise = new Float32Array(agents * each);
    this.#noiseOf = Array.from({ length: agents }, (_, n) => this.#noise.subarray(n * each, (n + 1) * each));
    this.#chosen = new Float32Array(agents * actionSize);
    this.begin(random);
  }

  /** Takes random numbers from here on. */
  begin(random: Random): void {
    this.#streams = Array.from({ length: this.agents }, (_, n) => random.split('candidates', n));
    this.#exploring = Array.from({ length: this.agents }, (_, n) => random.split('exploring', n));
  }

  /** Draws candidates around plans, each number normal, and brings them within the bounds. @param mean and std [N × H × A] */
  drawNormal(mean: ArrayLike<number>, std: ArrayLike<number>): void {
    const { planSize, actionSize, actions } = this;
    for (let n = 0; n < this.agents; n++) this.#streams[n].fillNormal(this.#noiseOf[n]);
    for (let at = 0, plan = 0, row = 0; at < actions.length; at += planSize, row++) {
      if (row === this.count) {
        row = 0;
        plan += planSize;
      }
      for (let k = 0; k < planSize; k++) {
        const a = k % actionSize;
        actions[at + k] = this.#bounded(mean[plan + k] + std[plan + k] * this.#noise[at + k], a);
      }
    }
  }

  /** Draws every number evenly from its bounds. @throws a usage error where an action has none */
  drawUniform(): void {
    for (let a = 0; a < this.actionSize; a++) {
      if (!Number.isFinite(this.#low[a]) || !Number.isFinite(this.#high[a]))
        throw usageError(
          `planner: draw = uniform, expected normal: action[${a}] has no bounds to draw from evenly`,
        );
    }
    for (let n = 0; n < this.agents; n++) this.#streams[n].fillUniform(this.#noiseOf[n], -1, 1);
    for (let i = 0; i < this.actions.length; i++)
      this.actions[i] = this.#bounded(this.#noise[i], i % this.actionSize);
  }

  /** Asks the model. @throws where it says a return that is not finite */
  evaluate(): void | Promise<void> {
    return after(this.#model.evaluate(this.actions, this.count, this.horizon, this.returns), () => {
      for (let n = 0; n < this.agents; n++) {
        let best = Number.NEGATIVE_INFINITY;
        for (let i = n * this.count; i < (n + 1) * this.count; i++) {
          const value = this.returns[i];
          if (!Number.isFinite(value))
            throw new TroupeError(
              `planning model: return of candidate ${i - n * this.count} of agent ${n} = ${value}, expected a finite number`,
            );
          if (value > best) best = value;
        }
        this.best[n] = best;
      }
    });
  }

  /** A number of a candidate in units in which bounds are ±1. @param i its place in `actions` */
  unit(i: number): number {
    const a = i % this.actionSize;
    // Bounds that are one number leave nothing to choose.
    return this.#half[a] === 0 ? 0 : (this.actions[i] - this.#middle[a]) / this.#half[a];
  }

  /**
   * The first actions of plans, within the bounds. Noise is added first.
   * @param plans [N × H × A]
   * @param noise standard deviation
   * @returns [N × A], overwritten the next time
   */
  chosen(plans: ArrayLike<number>, noise: number): Float32Array {
    for (let n = 0; n < this.agents; n++) {
      for (let a = 0; a < this.actionSize; a++) {
        const off = noise > 0 ? noise * this.#exploring[n].normal() : 0;
        this.#chosen[n * this.actionSize + a] = this.#bounded(plans[n * this.planSize + a] + off, a);
      }
    }
    return this.#chosen;
  }

  snapshot(): { readonly [key: string]: Snapshot } {
    const words = (streams: readonly Random[]) =>
      Uint32Array.from(streams.flatMap(({ state }) => [...state]));
    return { streams: words(this.#streams), exploring: words(this.#exploring) };
  }

  restore(snapshot: Snapshot): void {
    const { streams, exploring } = snapshot as {
      readonly streams: Uint32Array;
      readonly exploring: Uint32Array;
    };
    this.#streams.forEach((stream, n) => {
      stream.state = stateAt(streams, n);
    });
    this.#exploring.forEach((stream, n) => {
      stream.state = stateAt(exploring, n);
    });
  }

  #bounded(unit: number, a: number): number {
    return Math.min(this.#high[a], Math.max(this.#low[a], this.#middle[a] + this.#half[a] * unit));
  }
}

const stateAt = (words: Uint32Array, n: number): RandomState => [
  words[4 * n],
  words[4 * n + 1],
  words[4 * n + 2],
  words[4 * n + 3],
];

/** Bounds as an environment compares them with float32 actions. */
function boundsAs(bounds: ArrayLike<number>, size: number, name: 'low' | 'high'): Float32Array {
  if (bounds.length !== size)
    throw usageError(
      `planning model: ${name} has ${bounds.length} elements, expected ${size}, its actionSize`,
    );
  return Float32Array.from(bounds);
}
