import type { VectorEnvironment } from '../../src/env/contract.ts';
import { type ActionSpace, type Box, box, discrete } from '../../src/env/spaces.ts';

/**
 * Copies that count their steps: copy i observes (i, steps so far in its episode), is rewarded 1 + i a step, and its
 * episodes end after `lengths[i]` steps, by time where `i` is even, by themselves where it is odd.
 */
export class Counting implements VectorEnvironment<Box, ActionSpace> {
  readonly autoreset = 'same-step';
  readonly observationSpace = box(2);
  readonly actionSpace: ActionSpace;
  readonly count: number;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly info: { readonly steps: Float32Array };
  /** Every batch of actions it was given. */
  readonly given: number[][] = [];
  readonly seeds: (number | undefined)[] = [];
  readonly #lengths: readonly number[];
  #clock = 0;

  constructor(lengths: readonly number[], actionSpace: ActionSpace = discrete(2)) {
    this.#lengths = lengths;
    this.count = lengths.length;
    this.actionSpace = actionSpace;
    this.observations = new Float32Array(2 * this.count);
    this.finalObservations = new Float32Array(2 * this.count).fill(-1);
    this.rewards = new Float32Array(this.count);
    this.terminated = new Uint8Array(this.count);
    this.truncated = new Uint8Array(this.count);
    this.info = { steps: new Float32Array(this.count) };
    this.reset();
  }

  reset({ seed }: { seed?: number } = {}): void {
    this.seeds.push(seed);
    for (let i = 0; i < this.count; i++) this.observations.set([i, 0], 2 * i);
  }

  step(actions: ArrayLike<number>): void {
    this.#clock++;
    this.given.push(Array.from(actions));
    for (let i = 0; i < this.count; i++) {
      const steps = this.observations[2 * i + 1] + 1;
      const ended = steps === this.#lengths[i];
      this.rewards[i] = 1 + i;
      this.info.steps[i] = steps;
      this.truncated[i] = ended && i % 2 === 0 ? 1 : 0;
      this.terminated[i] = ended && i % 2 === 1 ? 1 : 0;
      if (ended) this.finalObservations.set([i, steps], 2 * i);
      this.observations[2 * i + 1] = ended ? 0 : steps;
    }
  }

  render = (index: number) => ({
    objects: [],
    camera: { target: [0, 0, 0], distance: 1, side: 'side' } as const,
    caption: `${this.observations[2 * index + 1]}`,
  });

  snapshot = () => ({ observations: this.observations.slice(), clock: this.#clock });
  restore(state: never): void {
    const { observations, clock } = state as ReturnType<Counting['snapshot']>;
    this.observations.set(observations);
    this.#clock = clock;
  }
  close(): void {}
}
