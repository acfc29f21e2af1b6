import type { Episode } from '../../actors/replay/index.ts';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { compileImagination, type PlanetModel, planetInit } from '../../learners/planet/index.ts';
import { initTensors } from '../../tensors/index.ts';
import { constantErrors, ErrorSums, type ErrorsByStep, lastSeenErrors } from './imagined-errors.ts';

/** How open loops are cut from episodes. */
export interface OpenLoopOptions {
  /** C: rows that are seen. Hafner et al. 2019: 5. */
  readonly context?: number;
  /** H: rows that are imagined, at most: short episodes have fewer. Hafner et al. 2019: 50. */
  readonly horizon?: number;
  /** Rows from the start of one open loop to the next of its episode. */
  readonly every?: number;
  /** How many are kept whole, as examples: the first of as many episodes, then later ones. */
  readonly examples?: number;
  /** Futures that are drawn of each open loop: errors are those of their mean. Default 8. */
  readonly samples?: number;
  /** Of what is drawn. Default 0. */
  readonly seed?: number;
  /** As `troupe doctor` names it. Default: the best there is. */
  readonly executor?: string;
  /** The part of the work that is done here, for `wholeOf`. Default: all of it. */
  readonly share?: Share;
}

/** One of several equal parts, numbered from 0. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

/** What really came and what was imagined, in the network's units: states over their units, pixels in [−1/2, 1/2). */
export interface OpenLoopExample {
  /** Its episode, and the row in it that it starts from. */
  readonly episode: number;
  readonly from: number;
  /** [C × O] */
  readonly seen: Float32Array;
  /** [H × O] */
  readonly truth: Float32Array;
  /** One future: along the means of the prior, nothing drawn. */
  readonly imagined: Float32Array;
  /** Of the context, [C]; then [H]. Over the reward's unit. */
  readonly seenRewards: Float32Array;
  readonly trueRewards: Float32Array;
  readonly imaginedRewards: Float32Array;
}

/** Open-loop predictions from held episodes and how far they are off. */
export interface OpenLoops {
  /** C */
  readonly context: number;
  /** H */
  readonly horizon: number;
  /** How many. */
  readonly count: number;
  /** Of these, those of the share: `model` and `otherActions` are means over them, and examples are some of them. */
  readonly imagined: number;
  /** Futures that each prediction is the mean of. */
  readonly samples: number;
  /** Mean squared errors by step ahead. */
  readonly errors: {
    readonly model: ErrorsByStep;
    /** With the future actions of another open loop: a model that does not heed actions is no worse with them. */
    readonly otherActions: ErrorsByStep;
    /** Of the best constant, each number having its own: its mean; of pixels the mean frame. */
    readonly constant: ErrorsByStep;
    /** Of the last row that was seen, repeated. */
    readonly lastSeen: ErrorsByStep;
  };
  readonly examples: readonly OpenLoopExample[];
}

interface Cut {
  readonly episode: Episode;
  readonly from: number;
}

/** Open loops that are imagined at once. Few pictures of all their steps stay in the processor's own memory. */
const together = { state: 8, pixels: 4 } as const;

/**
 * Runs a model open loop over held episodes: C rows are filtered, then the prior is followed along the actions that were taken
 * (Hafner et al. 2019, figure 2 and appendix H). Rows are those of chunks: the first of an episode has no action and no reward.
 * What a model that knows its doubts predicts is the mean over its futures: several are drawn, from the seed alone, and errors
 * are those of their mean. Examples follow the prior's means instead, so that pictures stay sharp.
 * @param parameters end to end in layout order
 * @throws a usage error where no episode has a row beyond the context
 */
export async function openLoops(
  model: PlanetModel,
  parameters: Float32Array,
  episodes: readonly Episode[],
  {
    context = 5,
    horizon: most = 50,
    every = 10,
    examples = 3,
    samples = 8,
    seed = 0,
    executor = 'auto',
    share = { index: 0, of: 1 },
  }: OpenLoopOptions = {},
): Promise<OpenLoops> {
  const longest = Math.max(0, ...episodes.map(({ rewards }) => rewards.length + 1));
  const horizon = Math.min(most, longest - context);
  if (horizon < 1) {
    throw usageError(
      `openLoops: the longest episode has ${longest} rows, expected more than context = ${context}`,
    );
  }
  const length = context + horizon;
  const cuts = cutsOf(episodes, length, every);
  const { observation, action, stochastic } = model.sizes;
  await initTensors(executor);
  const program = await compileImagination(model, planetInit(Random.fromSeed(0), model));
  program.state.setFlat('params', parameters);
  const pixels = model.config.observe === 'pixels';
  const atOnce = together[model.config.observe];
  const still = { shape: [length, atOnce, stochastic], data: new Float32Array(length * atOnce * stochastic) };
  const drawn = Array.from({ length: samples }, (_, n) => {
    const data = new Float32Array(still.data.length);
    Random.fromSeed(seed).split('open loop', n).fillNormal(data);
    return { shape: still.shape, data };
  });
  const dither = { shape: [atOnce, context, observation], data: new Float32Array(0) };
  if (pixels) dither.data = new Float32Array(atOnce * context * observation).fill(0.5);

  /** The mean over futures, one for each noise. */
  const imagined = async (
    group: readonly Cut[],
    noises: readonly (typeof still)[],
    actionsOf: (b: number) => Cut,
  ) => {
    const seen = new Float32Array(atOnce * context * observation);
    const actions = new Float32Array(atOnce * length * action);
    for (let b = 0; b < atOnce; b++) {
      const { episode, from } = group[b % group.length];
      seen.set(
        episode.observations.subarray(from * observation, (from + context) * observation),
        b * context * observation,
      );
      copyActions(actions, b * length, group[b % group.length], 0, context, action);
      copyActions(actions, b * length + context, actionsOf(b % group.length), context, horizon, action);
    }
    const observations = new Float32Array(atOnce * horizon * observation);
    const rewards = new Float32Array(atOnce * horizon);
    for (const noise of noises) {
      const out = await program({
        observations: { shape: [atOnce, context, observation], data: seen },
        actions: { shape: [atOnce, length, action], data: actions },
        noise,
        ...(pixels && { dither }),
      });
      for (let i = 0; i < rewards.length; i++) rewards[i] += out.rewards.data[i] / noises.length;
      for (let i = 0; i < observations.length; i++)
        observations[i] += out.observations.data[i] / noises.length;
    }
    return { observations: inUnits(observations, model), rewards: over(rewards, model.config.rewardUnit) };
  };

  const sums = new ErrorSums(horizon, observation);
  const others = new ErrorSums(horizon, observation);
  const kept: OpenLoopExample[] = [];
  const shown = new Set(shownOf(cuts, examples));
  try {
    for (let at = share.index * atOnce; at < cuts.length; at += share.of * atOnce) {
      const group = cuts.slice(at, at + atOnce);
      const own = await imagined(group, drawn, b => group[b]);
      const strange = await imagined(group, drawn, b => otherThan(cuts, at + b));
      const sharp = group.some(cut => shown.has(cut)) ? await imagined(group, [still], b => group[b]) : own;
      group.forEach((cut, b) => {
        const truth = truthOf(cut, context, horizon, model);
        const part = (values: Float32Array, size: number) =>
          values.subarray(b * horizon * size, (b + 1) * horizon * size);
        sums.add(truth, { observations: part(own.observations, observation), rewards: part(own.rewards, 1) });
        others.add(truth, {
          observations: part(strange.observations, observation),
          rewards: part(strange.rewards, 1),
        });
        if (!shown.has(cut)) return;
        const before = truthOf({ ...cut, from: cut.from - context }, context, context, model);
        kept.push({
          ...{ episode: cut.episode.index, from: cut.from },
          ...{ seen: before.observations, truth: truth.observations },
          imagined: part(sharp.observations, observation).slice(),
          ...{ seenRewards: before.rewards, trueRewards: truth.rewards },
          imaginedRewards: part(sharp.rewards, 1).slice(),
        });
      });
    }
  } finally {
    program.dispose();
  }
  const truths = cuts.map(cut => truthOf(cut, context, horizon, model));
  const last = cuts.map(cut => truthOf({ ...cut, from: cut.from - 1 }, context, 1, model));
  return {
    ...{ context, horizon, count: cuts.length, samples, imagined: sums.count },
    errors: {
      model: sums.means(),
      otherActions: others.means(),
      constant: constantErrors(truths, horizon, observation),
      lastSeen: lastSeenErrors(truths, last, horizon, observation),
    },
    examples: kept,
  };
}

/** What the shares of one piece of work come to together. */
export function wholeOf(shares: readonly OpenLoops[]): OpenLoops {
  const [{ errors, ...first }] = shares;
  const mean = (of: (share: OpenLoops) => readonly number[]): readonly number[] =>
    of(shares[0]).map((_, t) =>
      shares.reduce((sum, share) => sum + (of(share)[t] * share.imagined) / first.count, 0),
    );
  const together = (of: (share: OpenLoops) => ErrorsByStep): ErrorsByStep => ({
    observation: mean(share => of(share).observation),
    reward: mean(share => of(share).reward),
  });
  return {
    ...first,
    imagined: shares.reduce((sum, { imagined }) => sum + imagined, 0),
    errors: {
      ...errors,
      model: together(share => share.errors.model),
      otherActions: together(share => share.errors.otherActions),
    },
    examples: shares
      .flatMap(({ examples }) => examples)
      .sort((a, b) => a.episode - b.episode || a.from - b.from),
  };
}

/** Every place of every episode at which an open loop fits, an episode after the other. */
function cutsOf(episodes: readonly Episode[], length: number, every: number): readonly Cut[] {
  const cuts: Cut[] = [];
  for (const episode of episodes) {
    const last = episode.rewards.length + 1 - length;
    for (let from = 0; from <= last; from += every) cuts.push({ episode, from });
  }
  return cuts;
}

/** The first open loops of as many episodes, then the last ones of the same. */
function shownOf(cuts: readonly Cut[], count: number): readonly Cut[] {
  const firsts = cuts.filter(({ from }) => from === 0);
  const lasts = cuts.filter((cut, i) => cut.from > 0 && cuts[i + 1]?.episode !== cut.episode);
  return [...firsts, ...lasts].slice(0, count);
}

/**
 * Half of all further on, and then half of an episode: what is done at the same time in another episode is much alike, as all
 * start alike. Of a single episode half of it alone: both would lead back to where it began.
 */
function otherThan(cuts: readonly Cut[], b: number): Cut {
  const episodes = new Set(cuts.map(({ episode }) => episode)).size;
  const shift = Math.floor(cuts.length / 2) + (episodes > 1 ? Math.floor(cuts.length / episodes / 2) : 0);
  return cuts[(b + Math.max(1, shift)) % cuts.length];
}

/** Rows of actions as chunks have them: row t holds what led to it, zeros at the first. */
function copyActions(
  to: Float32Array,
  row: number,
  cut: Cut,
  from: number,
  rows: number,
  size: number,
): void {
  const { actions } = cut.episode;
  for (let t = 0; t < rows; t++) {
    const step = cut.from + from + t - 1;
    for (let j = 0; j < size; j++) to[(row + t) * size + j] = step < 0 ? 0 : actions[step * size + j];
  }
}

/** What came after a context, in the network's units. */
function truthOf({ episode, from }: Cut, context: number, rows: number, model: PlanetModel) {
  const { observation } = model.sizes;
  const first = from + context;
  const seen = episode.observations.subarray(first * observation, (first + rows) * observation);
  const rewards = Float32Array.from({ length: rows }, (_, t) =>
    first + t === 0 ? 0 : episode.rewards[first + t - 1],
  );
  return {
    observations: model.config.observe === 'pixels' ? preprocessed(seen) : inUnits(seen, model),
    rewards: over(rewards, model.config.rewardUnit),
  };
}

/** Bytes as `preprocessPixels` has them, each the middle of its level. */
const preprocessed = (bytes: Float32Array): Float32Array =>
  bytes.map(byte => (Math.floor(byte / 8) + 0.5) / 32 - 0.5);

const inUnits = (values: Float32Array, { config: { observationUnits: units } }: PlanetModel): Float32Array =>
  units ? values.map((value, i) => value / units[i % units.length]) : values.slice();

const over = (values: Float32Array, unit: number): Float32Array => values.map(value => value / unit);
