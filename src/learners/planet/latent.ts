import type { FollowingModel, Situation } from '../../actors/planner/index.ts';
import { usageError } from '../../core/errors.ts';
import { Random, type RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { compile, type Hosted, initTensors, startExecutor, type Tensor } from '../../tensors/index.ts';
import { type PlanetModel, type PlanetParams, planetInit } from './networks.ts';
import { fillDither } from './preprocess.ts';
import { type CandidateArguments, type FilterArguments, filterStep, judgeCandidates } from './roll.ts';

/**
 * The learned model of N agents as planners and agents use it. What each has seen is in its latent state; there is no world in it.
 * What it draws follows from the stream that it was made with and the seeds that `reset` is given; each agent has a stream of its
 * own, so that what is drawn for it does not depend on who is beside it.
 */
export interface LatentModel extends FollowingModel {
  /** Other parameters, end to end in layout order. */
  setParameters(parameters: Float32Array): void;
  /** Before the first observations of episodes. @param seed of these episodes: what is drawn from here on follows from it */
  reset(seed: number): void;
  /**
   * Takes in an observation of each agent.
   * @param observations raw, [N × O]
   * @param actions that led to them, zeros at the first ones of an episode, [N × A]
   */
  observe(observations: ArrayLike<number>, actions: ArrayLike<number>): void;
  /** `reset` where episodes start, then `observe`. */
  follow(situation: Situation): void;
  /**
   * Predicted returns of action sequences from here on, one sample of the prior each.
   * @param actions within their bounds, those of an agent together: [N × J × H × A]
   * @param out [N × J]
   */
  evaluate(actions: Float32Array, candidates: number, horizon: number, out: Float32Array): void;
  /** Latent states, [N × (H + Z)], a copy. */
  latents(): Float32Array;
  /** Latent states and random streams; parameters are not in it. */
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
  close(): void;
}

type Params = PlanetParams<Tensor>;
type Column = { readonly shape: readonly number[]; readonly data: Float32Array };

/**
 * Compiles a model on this thread. Its parameters are fresh ones until `setParameters`.
 * @param agents N, default 1
 */
export async function compileLatentModel(model: PlanetModel, root: Random, agents = 1): Promise<LatentModel> {
  const { config, sizes } = model;
  const initial = planetInit(Random.fromSeed(0), model) as Hosted<Params>;
  const filter = await compile(
    ({ params, ...args }: FilterArguments & { params: Params }) => ({
      latent: filterStep(params, args, model),
    }),
    { state: { params: initial }, name: 'planet filter', executor: await executorThatAnswers() },
  );
  const { state } = filter;
  const judge = await compile(
    ({ params, ...args }: CandidateArguments & { params: Params }) => ({
      returns: judgeCandidates(params, args, model),
    }),
    { state, name: 'planet candidates' },
  );
  const pixels = config.observe === 'pixels';
  const filterNoise = column(agents, sizes.stochastic);
  const dither = column(agents, sizes.observation);
  let judgeNoise = column(0);
  const latent = column(agents, sizes.latent);
  const streamsOf = (seed: number) => Array.from({ length: agents }, (_, n) => root.split(seed, n));
  let streams = streamsOf(0);

  function reset(seed: number): void {
    latent.data.fill(0);
    streams = streamsOf(seed);
  }

  function observe(observations: ArrayLike<number>, actions: ArrayLike<number>): void {
    streams.forEach((stream, n) => {
      stream.fillNormal(rowsOf(filterNoise, n, sizes.stochastic));
      if (pixels) fillDither(stream, rowsOf(dither, n, sizes.observation));
    });
    const next = filter.sync({
      latent,
      actions: filled('actions', actions, agents, sizes.action),
      observations: filled('observations', observations, agents, sizes.observation),
      noise: filterNoise,
      ...(pixels && { dither }),
    });
    latent.data.set(next.latent.data);
  }

  return {
    actionSize: sizes.action,
    low: sizes.middle.map((middle, i) => middle - sizes.half[i]),
    high: sizes.middle.map((middle, i) => middle + sizes.half[i]),
    agents,
    setParameters: parameters => state.setFlat('params', parameters),
    reset,
    observe,
    follow({ seed, step, observations, actions }) {
      if (step === 0) reset(seed);
      observe(observations, actions);
    },
    evaluate(actions, count, ahead, out) {
      const rows = agents * count;
      expectLength('out', out, rows);
      expectLength('actions', actions, rows * ahead * sizes.action);
      if (judgeNoise.shape[0] !== ahead || judgeNoise.shape[1] !== rows) {
        judgeNoise = column(ahead, rows, sizes.stochastic);
      }
      for (let t = 0; t < ahead; t++) {
        streams.forEach((stream, n) => {
          stream.fillNormal(rowsOf(judgeNoise, t * agents + n, count * sizes.stochastic));
        });
      }
      const sequences = { shape: [rows, ahead, sizes.action], data: actions };
      out.set(judge.sync({ latent, actions: sequences, noise: judgeNoise }).returns.data);
    },
    latents: () => latent.data.slice(),
    snapshot: () => ({ latents: latent.data.slice(), streams: streams.map(({ state }) => [...state]) }),
    restore(snapshot) {
      const saved = snapshot as { readonly latents: Float32Array; readonly streams: readonly RandomState[] };
      expectLength('latents', saved.latents, latent.data.length);
      latent.data.set(saved.latents);
      streams.forEach((stream, n) => {
        stream.state = saved.streams[n];
      });
    },
    close() {
      for (const program of [judge, filter]) program.dispose();
    },
  };
}

function column(...shape: number[]): Column {
  return { shape, data: new Float32Array(shape.reduce((size, n) => size * n, 1)) };
}

/** The n-th of pieces of so many numbers. */
const rowsOf = ({ data }: Column, n: number, size: number): Float32Array =>
  data.subarray(n * size, (n + 1) * size);

function filled(name: string, values: ArrayLike<number>, rows: number, size: number): Column {
  expectLength(name, values, rows * size);
  return { shape: [rows, size], data: Float32Array.from(values) };
}

function expectLength(name: string, values: ArrayLike<number>, length: number): void {
  if (values.length === length) return;
  throw usageError(`latent model: ${name} has ${values.length} numbers, expected ${length}`);
}

/** This thread's executor, or the best one that can answer at once. */
async function executorThatAnswers(): Promise<string> {
  const own = await initTensors();
  if (own.graph === undefined || own.graph.sync) return own.name;
  return startExecutor('onnx-cpu').then(
    ({ name }) => name,
    () => 'eager',
  );
}
