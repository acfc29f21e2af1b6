import type { Estimate } from '../../evaluation/contract.ts';
import type { Robot } from '../../learners/simgan/robots.ts';
import { budgets } from './budgets.ts';
import { type SampleName, sampleNames } from './distances.ts';
import { ofSeed, type Tested } from './in-target.ts';
import { type Contrast, type Judged, meanOf } from './judging.ts';
import type { Learned } from './learned.ts';
import type { SeedLikeness } from './likeness.ts';
import type { SimToRealOptions } from './options.ts';
import type { ArmName, TrainedForTarget } from './results.ts';

/** One arm over another, in return an episode. */
export interface Margin {
  readonly value: number;
  /** Ends of the 95 % interval over all episodes. */
  readonly low: number;
  readonly high: number;
  /** That there is none, corrected for all rivals (Holm); absent where the difference does not vary. */
  readonly p?: number;
  /** Of the seed of identification with the least margin: it, and the lower end of its own interval. */
  readonly leastSeed: number;
  readonly leastSeedLow: number;
  /** Ends of the 95 % interval over the means of seeds of identification, from five seeds on. */
  readonly seedsLow?: number;
  readonly seedsHigh?: number;
}

/** What the learned parameters come to beside the true ones, in the mean over seeds of identification. */
export interface LearnedFigures {
  readonly strength: number;
  readonly trueStrength: number;
  readonly strengthCorrelation?: number;
  readonly friction: number;
  /** Of strength and friction together: N off in the root of the mean square, by what the source is off. */
  readonly forceErrorShare: number;
  readonly forceCorrelation?: number;
  readonly forceSlope: number;
}

/** What the summary holds. Arms that were left out are not in it. */
export interface SimToRealResult {
  /** 1 where the run is as large as the bars of a full one are meant for. */
  readonly full: number;
  readonly robot: Readonly<Record<string, number>>;
  readonly target: Readonly<Record<string, number>>;
  readonly identifications: number;
  /** Mean return of a test episode. */
  readonly returns: Readonly<Partial<Record<ArmName, number>>>;
  /** Oracle over zero-shot, and that by the oracle: without a gap there is nothing to recover. */
  readonly gap?: { readonly difference: number; readonly share: number };
  /**
   * (SimGAN − zero-shot) / (oracle − zero-shot), each seed's difference to zero-shot by the gap over all episodes. Absent where
   * the gap is less than `LEAST_GAP` of the oracle's return: a share of nearly nothing says nothing.
   */
  readonly recovery?: { readonly mean: number; readonly least: number };
  readonly simGanOver: Readonly<Partial<Record<ArmName, Margin>>>;
  /** W1 to the target's data by sample, mean over seeds; `ratio`: hybrid by source, `worstRatio` of the worst seed. */
  readonly w1: Readonly<Partial<Record<SampleName, number>>> & {
    readonly ratio: number;
    readonly worstRatio: number;
  };
  /** A fresh classifier's AUC by sample; `drop`: source less hybrid, of the worst seed. */
  readonly auc: Readonly<Partial<Record<SampleName, number>>> & { readonly drop: number };
  /** Means over the last quarter of identifying. */
  readonly discriminator: {
    readonly accuracy: number;
    readonly ofReal: number;
    readonly ofFake: number;
    readonly slope: number;
  };
  /** Snapshots of the generator that differ from each other; of the seed with the fewest. */
  readonly snapshots: number;
  readonly learned?: LearnedFigures;
  readonly constant?: LearnedFigures;
  /** Steps of the target as its gates booked them; of several seeds, one's that is furthest from what is declared. */
  readonly targetSteps: {
    readonly declared: number;
    readonly simGan: number;
    readonly fineTuning?: number;
    /** Fine-tuning's by SimGAN's, of the seed that had the least. */
    readonly fineTuningShare?: number;
    readonly oracle?: number;
    /** What all arms together have been evaluated for before the tests, which none may. */
    readonly armsEvaluated: number;
    readonly testsEvaluated: number;
    readonly testsCollected: number;
  };
  /** Environment steps outside the target that a policy was trained for, the source's included. */
  readonly ppoSteps: { readonly simGan: number; readonly randomisation?: number };
  readonly guardsFailed: number;
  /** 1 where the log of trials is as it was written. */
  readonly logIntact: number;
}

/** Least share of the oracle's return that must be lost without adapting, for a run to show anything. */
export const LEAST_GAP = 0.25;

/** All that figures and pictures are made of. */
export interface Findings {
  readonly options: SimToRealOptions;
  readonly robot: Robot;
  readonly trained: TrainedForTarget;
  readonly tested: Tested;
  readonly judged: Judged;
  /** By seed of identification. */
  readonly likeness: readonly SeedLikeness[];
}

/** Whether a run is as large as the bars of a full one are meant for. */
export function isFull(options: SimToRealOptions): boolean {
  const whole = budgets[options.robot];
  return (
    options.environments * options.horizon >= whole.environments * whole.horizon &&
    options.sourceIterations >= whole.sourceIterations &&
    options.identifyIterations >= whole.identifyIterations / 2 &&
    options.refineIterations >= whole.refineIterations &&
    options.trajectories >= whole.trajectories &&
    options.testEpisodes >= whole.testEpisodes
  );
}

export function figuresOf(findings: Findings): SimToRealResult {
  const { options, robot, trained, tested, judged, likeness } = findings;
  const meansOf = (arm: ArmName): readonly number[] | undefined =>
    judged.means.find(({ name }) => name === arm)?.bySeed;
  const returns = Object.fromEntries(judged.means.map(({ name, bySeed }) => [name, meanOf(bySeed)]));
  return {
    full: isFull(options) ? 1 : 0,
    robot: { [trained.robot]: 1 },
    target: { [trained.target]: 1 },
    identifications: trained.simGan.length,
    returns,
    ...gapOf(meansOf('zeroShot'), meansOf('simGan'), meansOf('oracle')),
    simGanOver: Object.fromEntries(
      judged.contrasts
        .filter(({ arm }) => arm === 'simGan')
        .map(contrast => [contrast.over, marginOf(contrast)]),
    ),
    ...samplesFigures(likeness),
    discriminator: discriminatorFigures(trained),
    snapshots: Math.min(
      ...trained.simGan.map(({ rounds }) => distinct(rounds[rounds.length - 1].identified.generators)),
    ),
    ...learnedFigures(
      'learned',
      likeness.map(({ learned }) => learned),
    ),
    ...learnedFigures(
      'constant',
      likeness.map(({ constant }) => constant),
    ),
    targetSteps: targetSteps(options, robot, trained, tested),
    ppoSteps: ppoSteps(trained),
    guardsFailed: judged.analysis.guards.filter(({ passed }) => !passed).length,
    logIntact: judged.intact ? 1 : 0,
  };
}

function gapOf(
  zeroShot: readonly number[] | undefined,
  simGan: readonly number[] | undefined,
  oracle: readonly number[] | undefined,
): Pick<SimToRealResult, 'gap' | 'recovery'> {
  if (!zeroShot || !simGan || !oracle) return {};
  const difference = meanOf(oracle) - meanOf(zeroShot);
  const gap = { difference, share: meanOf(oracle) > 0 ? difference / meanOf(oracle) : 0 };
  if (gap.share < LEAST_GAP) return { gap };
  const recovered = simGan.map((value, seed) => (value - ofSeed(zeroShot, seed)) / difference);
  return { gap, recovery: { mean: meanOf(recovered), least: Math.min(...recovered) } };
}

function marginOf({ pooled, p, mean, bySeed, means, overSeeds }: Contrast): Margin {
  const { low, high } = endsOf(pooled, mean);
  return {
    ...{ value: mean, low, high },
    ...(p !== undefined && { p }),
    leastSeed: Math.min(...means),
    leastSeedLow: Math.min(...bySeed.map((each, seed) => endsOf(each, means[seed]).low)),
    ...(overSeeds.estimable && { seedsLow: overSeeds.low, seedsHigh: overSeeds.high }),
  };
}

/** A difference that is the same in all episodes, as that of a policy from itself, is an interval of one point. */
const endsOf = (estimate: Estimate, mean: number): { readonly low: number; readonly high: number } =>
  estimate.estimable ? estimate : { low: mean, high: mean };

function samplesFigures(likeness: readonly SeedLikeness[]): Pick<SimToRealResult, 'w1' | 'auc'> {
  const of = (name: SampleName, figure: 'distance' | 'auc'): number[] =>
    likeness.flatMap(({ samples }) => samples.find(each => each.name === name)?.[figure] ?? []);
  const means = (figure: 'distance' | 'auc') =>
    Object.fromEntries(
      sampleNames.filter(name => of(name, figure).length > 0).map(name => [name, meanOf(of(name, figure))]),
    );
  const sources = of('source', 'distance');
  const ratios = of('hybrid', 'distance').map((distance, seed) => distance / sources[seed]);
  const aucs = of('source', 'auc');
  return {
    w1: { ...means('distance'), ratio: meanOf(ratios), worstRatio: Math.max(...ratios) },
    auc: { ...means('auc'), drop: Math.min(...of('hybrid', 'auc').map((auc, seed) => aucs[seed] - auc)) },
  };
}

function discriminatorFigures({ simGan }: TrainedForTarget): SimToRealResult['discriminator'] {
  const rows = simGan.flatMap(({ rounds }) => {
    const all = rounds[rounds.length - 1].identified.rows;
    return all.slice(-Math.ceil(all.length / 4));
  });
  const mean = (name: 'accuracy' | 'ofReal' | 'ofFake' | 'slope'): number =>
    meanOf(rows.map(row => row[name]));
  return {
    ...{ accuracy: mean('accuracy'), slope: mean('slope') },
    ...{ ofReal: mean('ofReal'), ofFake: mean('ofFake') },
  };
}

const distinct = (all: readonly Float32Array[]): number =>
  new Set(all.map(each => Buffer.from(each.buffer, each.byteOffset, each.byteLength).toString('base64')))
    .size;

function learnedFigures<N extends 'learned' | 'constant'>(
  name: N,
  all: readonly (Learned | null)[],
): { readonly [K in N]?: LearnedFigures } {
  const found = all.filter(each => each !== null);
  if (found.length === 0) return {};
  const mean = (of: (learned: Learned) => number): number => meanOf(found.map(of));
  /** Where one does not vary, nothing is said. */
  const correlated = (key: string, of: (learned: Learned) => number | null) => {
    const values = found.map(of).filter(each => each !== null);
    return values.length < found.length ? {} : { [key]: meanOf(values) };
  };
  const figures: LearnedFigures = {
    strength: mean(each => each.strength),
    trueStrength: mean(each => each.trueStrength),
    ...correlated('strengthCorrelation', each => each.strengthCorrelation),
    friction: mean(each => each.friction),
    forceErrorShare: mean(({ force }) => (force.sourceError > 0 ? force.error / force.sourceError : 0)),
    ...correlated('forceCorrelation', ({ force }) => force.correlation),
    forceSlope: mean(({ force }) => force.slope),
  };
  return { [name]: figures } as { readonly [K in N]?: LearnedFigures };
}

/** The most that a seed's policy had. */
function ppoSteps({ arms }: TrainedForTarget): SimToRealResult['ppoSteps'] {
  const of = (arm: ArmName): number => Math.max(0, ...(arms.find(({ name }) => name === arm)?.steps ?? []));
  const randomisation = of('dr');
  return { simGan: of('simGan'), ...(randomisation > 0 && { randomisation }) };
}

function targetSteps(
  { trajectories }: SimToRealOptions,
  robot: Robot,
  { arms, simGan }: TrainedForTarget,
  { book }: Tested,
): SimToRealResult['targetSteps'] {
  const declared = trajectories * robot.episodeSteps;
  const furthest = (steps: readonly number[]): number =>
    steps.reduce((a, b) => (Math.abs(b - declared) > Math.abs(a - declared) ? b : a));
  const trainedBy = (arm: ArmName): readonly number[] =>
    arms.find(({ name }) => name === arm)?.books.map(({ collected, trained }) => collected + trained) ?? [];
  const [ft, oracle] = [trainedBy('ft'), trainedBy('oracle')];
  const collected = simGan.map(each => each.book.collected + each.book.trained);
  return {
    declared,
    simGan: furthest(collected),
    ...(ft.length > 0 && {
      fineTuning: furthest(ft),
      fineTuningShare: Math.min(...ft.map((steps, seed) => steps / collected[seed])),
    }),
    ...(oracle.length > 0 && { oracle: oracle[0] }),
    armsEvaluated: arms.reduce((sum, { books }) => sum + books.reduce((all, b) => all + b.evaluated, 0), 0),
    ...{ testsEvaluated: book.evaluated, testsCollected: book.collected },
  };
}
