import type { Random, RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { VectorEnvironment } from '../../env/contract.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import type { HostTensor } from '../../tensors/index.ts';
import { boundedActions } from '../bounded-actions.ts';
import { fillNoise, type PolicyPrograms } from '../policy-programs.ts';
import type { TransitionShape, Transitions } from './fields.ts';
import { drawSome, type RandomShare, shareAt } from './random-share.ts';

/** What acts: the programs of a policy that need say no values. */
export type ActingPolicy = Pick<PolicyPrograms, 'act' | 'noise'>;

/** Steps a vector environment with a policy, and a share of random actions, and writes down what led to what. */
export class TransitionCollector {
  readonly #environment: VectorEnvironment;
  readonly #policy: ActingPolicy;
  readonly #shape: TransitionShape & { readonly workers: number };
  readonly #share: RandomShare;
  readonly #noises: Random;
  readonly #draws: Random;
  /** Of the episodes under way, [n]. Summed in float64. */
  readonly #returns: Float64Array;
  readonly #lengths: Int32Array;
  readonly #observations: HostTensor;
  readonly #noise: HostTensor & { readonly data: Float32Array };
  readonly #actions: Float32Array | Int32Array;
  readonly #inBounds: (actions: ArrayLike<number>) => Float32Array | Int32Array;

  /**
   * @param shape of a stretch; `workers` says how many explorers there are, whose steps count for the share together
   * @param random split into one stream for the noise of actions and one for those drawn at random
   */
  constructor(
    environment: VectorEnvironment,
    policy: ActingPolicy,
    shape: TransitionShape & { readonly workers: number },
    share: RandomShare,
    random: Random,
  ) {
    const { count, spaces } = shape;
    this.#environment = environment;
    this.#policy = policy;
    this.#shape = shape;
    this.#share = share;
    this.#noises = random.split('noise');
    this.#draws = random.split('random actions');
    this.#returns = new Float64Array(count);
    this.#lengths = new Int32Array(count);
    this.#observations = { shape: [count, flatSize(spaces.observation)], data: environment.observations };
    const noise = policy.noise.size;
    this.#noise = { shape: [count, noise], data: new Float32Array(count * noise) };
    const width = count * actionSize(spaces.action);
    this.#actions = spaces.action.kind === 'box' ? new Float32Array(width) : new Int32Array(width);
    this.#inBounds = boundedActions(spaces.action, count);
  }

  /**
   * Steps every copy T times and fills a stretch, all but its marks (round, version, worker).
   * @param round which stretch it is, from 0: what the share of random actions follows from
   * @param alive called after each step, to say that this takes its time
   */
  collect(stretch: Transitions, round: number, alive: () => void = () => {}): void {
    const { steps, count, workers } = this.#shape;
    stretch.episodeReturns.fill(Number.NaN);
    stretch.episodeLengths.fill(Number.NaN);
    for (let t = 0; t < steps; t++) {
      this.#act((round * steps + t) * count * workers);
      this.#step(stretch, t * count);
      alive();
    }
  }

  /** @param done environment steps of all copies of all explorers before this one */
  #act(done: number): void {
    const share = shareAt(this.#share, done);
    if (share < 1) {
      fillNoise(this.#policy.noise.kind, this.#noises, this.#noise.data);
      this.#actions.set(this.#policy.act(this.#observations, this.#noise).data);
    }
    drawSome(this.#actions, this.#shape.spaces.action, share, this.#draws);
  }

  #step(stretch: Transitions, row: number): void {
    const environment = this.#environment;
    const { count } = environment;
    const size = this.#observations.shape[1];
    stretch.observations.set(environment.observations, row * size);
    const actions = this.#inBounds(this.#actions);
    stretch.actions.set(actions, (row * actions.length) / count);
    environment.step(actions as Float32Array);

    stretch.nextObservations.set(environment.observations, row * size);
    stretch.rewards.set(environment.rewards, row);
    stretch.terminated.set(environment.terminated, row);
    stretch.truncated.set(environment.truncated, row);
    for (let i = 0; i < count; i++) {
      this.#returns[i] += environment.rewards[i];
      this.#lengths[i]++;
      if (environment.terminated[i] !== 1 && environment.truncated[i] !== 1) continue;
      const last = environment.finalObservations.subarray(i * size, (i + 1) * size);
      stretch.nextObservations.set(last, (row + i) * size);
      stretch.episodeReturns[row + i] = this.#returns[i];
      stretch.episodeLengths[row + i] = this.#lengths[i];
      this.#returns[i] = 0;
      this.#lengths[i] = 0;
    }
  }

  /** What decides the rest of the experience; `environment` is null where it cannot be snapshotted. */
  snapshot() {
    return {
      environment: this.#environment.snapshot?.() ?? null,
      noises: this.#noises.state,
      draws: this.#draws.state,
      returns: this.#returns.slice(),
      lengths: this.#lengths.slice(),
    } satisfies Snapshot;
  }

  restore(snapshot: Snapshot): void {
    const state = snapshot as ReturnType<TransitionCollector['snapshot']>;
    this.#noises.state = state.noises as RandomState;
    this.#draws.state = state.draws as RandomState;
    if (state.environment === null || !this.#environment.restore) return;
    this.#environment.restore(state.environment);
    this.#returns.set(state.returns);
    this.#lengths.set(state.lengths);
  }
}
