import type { Random, RandomState } from '../core/random.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { VectorEnvironment } from '../env/contract.ts';
import { actionSize, flatSize } from '../env/spaces.ts';
import { type HostTensor, rowBlocks, rowsOf } from '../tensors/index.ts';
import { boundedActions } from './bounded-actions.ts';
import { fillNoise, type PolicyPrograms } from './policy-programs.ts';
import type { Trajectory, TrajectoryShape } from './trajectory.ts';

/** Steps a vector environment with a policy and writes down what happens. Nothing is allocated a step but actions. */
export class Collector {
  readonly #environment: VectorEnvironment;
  readonly #policy: PolicyPrograms;
  readonly #shape: TrajectoryShape;
  readonly #random: Random;
  /** Of the episodes under way, [n]. Summed in float64. */
  readonly #returns: Float64Array;
  readonly #lengths: Int32Array;
  readonly #observations: HostTensor;
  readonly #noise: HostTensor & { readonly data: Float32Array };
  readonly #inBounds: (actions: HostTensor['data']) => Float32Array | Int32Array;
  readonly #finals: FinalValues;

  /** @param random draws the noise of actions; environments have streams of their own */
  constructor(
    environment: VectorEnvironment,
    policy: PolicyPrograms,
    shape: TrajectoryShape,
    random: Random,
  ) {
    const { count, spaces } = shape;
    const size = flatSize(spaces.observation);
    this.#environment = environment;
    this.#policy = policy;
    this.#shape = shape;
    this.#random = random;
    this.#returns = new Float64Array(count);
    this.#lengths = new Int32Array(count);
    this.#observations = { shape: [count, size], data: environment.observations };
    const noise = policy.noise.size;
    this.#noise = { shape: [count, noise], data: new Float32Array(count * noise) };
    this.#inBounds = boundedActions(spaces.action, count);
    this.#finals = new FinalValues(policy, count, size);
  }

  /**
   * Steps every copy T times and fills a trajectory, all but its marks (round, version, worker).
   * @param alive called after each step and block of rows, to say that this takes its time
   */
  collect(trajectory: Trajectory, alive: () => void = () => {}): void {
    const { steps, count } = this.#shape;
    trajectory.bootstrapValues.fill(0);
    trajectory.episodeReturns.fill(Number.NaN);
    trajectory.episodeLengths.fill(Number.NaN);
    for (let t = 0; t < steps; t++) {
      this.#step(trajectory, t * count);
      alive();
    }
    this.#finals.flush(trajectory.bootstrapValues);
    this.#appraise(trajectory, alive);
    trajectory.lastValues.set(this.#policy.value(this.#observations).data);
  }

  /** Values and log-probabilities of many rows at once: far cheaper than at every step, and the same. */
  #appraise(trajectory: Trajectory, alive: () => void): void {
    const { steps, count, spaces } = this.#shape;
    const rows = steps * count;
    const observations = { shape: [rows, flatSize(spaces.observation)], data: trajectory.observations };
    const actions = {
      shape: [rows, actionSize(spaces.action)],
      data: trajectory.actions as Float32Array | Int32Array,
    };
    for (const [from, to] of rowBlocks(rows)) {
      const appraised = this.#policy.appraise(rowsOf(observations, from, to), rowsOf(actions, from, to));
      trajectory.logProbs.set(appraised.logProbs.data, from);
      trajectory.values.set(appraised.values.data, from);
      alive();
    }
  }

  #step(trajectory: Trajectory, row: number): void {
    const environment = this.#environment;
    const { count } = environment;
    const size = this.#observations.shape[1];
    trajectory.observations.set(environment.observations, row * size);
    fillNoise(this.#policy.noise.kind, this.#random, this.#noise.data);
    const actions = this.#policy.act(this.#observations, this.#noise).data;
    trajectory.actions.set(actions, (row * actions.length) / count);
    environment.step(this.#inBounds(actions) as Float32Array);

    trajectory.rewards.set(environment.rewards, row);
    trajectory.terminated.set(environment.terminated, row);
    trajectory.truncated.set(environment.truncated, row);
    for (let i = 0; i < count; i++) {
      this.#returns[i] += environment.rewards[i];
      this.#lengths[i]++;
      const terminated = environment.terminated[i] === 1;
      if (!terminated && environment.truncated[i] !== 1) continue;
      if (!terminated)
        this.#finals.add(environment.finalObservations, i, row + i, trajectory.bootstrapValues);
      trajectory.episodeReturns[row + i] = this.#returns[i];
      trajectory.episodeLengths[row + i] = this.#lengths[i];
      this.#returns[i] = 0;
      this.#lengths[i] = 0;
    }
  }

  /** What decides the rest of the experience; `environment` is null where it cannot be snapshotted. */
  snapshot() {
    return {
      environment: this.#environment.snapshot?.() ?? null,
      random: this.#random.state,
      returns: this.#returns.slice(),
      lengths: this.#lengths.slice(),
    } satisfies Snapshot;
  }

  restore(snapshot: Snapshot): void {
    const state = snapshot as ReturnType<Collector['snapshot']>;
    this.#random.state = state.random as RandomState;
    if (state.environment === null || !this.#environment.restore) return;
    this.#environment.restore(state.environment);
    this.#returns.set(state.returns);
    this.#lengths.set(state.lengths);
  }
}

/** Values of the last observations of truncated episodes, worked out a batch of `count` at a time. */
class FinalValues {
  readonly #policy: PolicyPrograms;
  readonly #observations: HostTensor & { readonly data: Float32Array };
  /** Which row each waiting observation belongs to. */
  readonly #rows: Int32Array;
  #waiting = 0;

  constructor(policy: PolicyPrograms, count: number, size: number) {
    this.#policy = policy;
    this.#observations = { shape: [count, size], data: new Float32Array(count * size) };
    this.#rows = new Int32Array(count);
  }

  add(observations: Float32Array, copy: number, row: number, out: Float32Array): void {
    const size = this.#observations.shape[1];
    const { data } = this.#observations;
    for (let j = 0; j < size; j++) data[this.#waiting * size + j] = observations[copy * size + j];
    this.#rows[this.#waiting++] = row;
    if (this.#waiting === this.#rows.length) this.flush(out);
  }

  flush(out: Float32Array): void {
    if (this.#waiting === 0) return;
    const values = this.#policy.value(this.#observations).data;
    for (let i = 0; i < this.#waiting; i++) out[this.#rows[i]] = values[i];
    this.#waiting = 0;
  }
}
