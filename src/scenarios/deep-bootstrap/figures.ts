import { pairFigures, pairsOutOfOrder } from '../../learners/deep-bootstrap/index.ts';
import { augmentedArm, imagesArm, plantedWorld, realWorld } from './arms.ts';
import { idealWorld, type WorldsPlayed } from './cast.ts';
import { type Architecture, architectures, type Options } from './options.ts';

/** What a real world and the ideal one beside it came to. Errors are shares. */
export interface PairSummary {
  /** t*: steps to a train error below 1 %; as many as there were where it never was. */
  readonly stop: number;
  readonly stopped: boolean;
  /** The largest |bootstrap error| up to t*, each the mean of five measurements around it. */
  readonly gapBefore: number;
  /** The same of single measurements. */
  readonly singleBefore: number;
  readonly epsAtStop: number;
  /** Test error − train error, both hard, at t*. */
  readonly classicalAtStop: number;
  readonly epsAtEnd: number;
  readonly softReal: number;
  readonly softIdeal: number;
  readonly hardReal: number;
  readonly hardIdeal: number;
  readonly trainError: number;
  readonly classicalAtEnd: number;
}

/** The pairs of one arm, by real world. */
export type ArmSummary = Readonly<Record<string, PairSummary>>;

/** What the run returns. */
export interface BootstrapResult {
  /** Gradient steps of every world. */
  readonly steps: number;
  /** By arm: the architectures, and the augmented one. */
  readonly arms: Readonly<Record<string, ArmSummary>>;
  /** Of the wide net and the smallest set, where both were played. */
  readonly smallest: {
    /** |Bootstrap error| at t*, as a share of the classical gap there; nothing where that is not above 0. */
    readonly gapShare?: number;
    /** Bootstrap error at the end. */
    readonly opened?: number;
  };
  /** The planted world. */
  readonly control: { readonly pair?: PairSummary; readonly ledgerFaults?: number };
  /** The cross-check on real digits, where they are installed: no bar stands on it. */
  readonly images: ArmSummary;
  readonly ledgerFaults: number;
  /** Of architectures, by the soft error at the end in the ideal world and in the real one. */
  readonly pairsOutOfOrder?: number;
  readonly augmentation: {
    /** t* with augmentation, over t* without. */
    readonly stopRatio?: number;
    /** How much higher augmentation makes the soft error of the ideal world. */
    readonly idealWorsens?: number;
    /** How much lower it makes that of the real world. */
    readonly realImproves?: number;
  };
}

/** N of the real world that architectures are ranked by. */
const ranked = 4_000;

export function summarise(played: Readonly<Record<string, WorldsPlayed>>, options: Options): BootstrapResult {
  const arms: Record<string, ArmSummary> = {};
  let images: ArmSummary = {};
  let ledgerFaults = 0;
  for (const [name, worlds] of Object.entries(played)) {
    const summary = armSummary(worlds);
    if (name === imagesArm) images = summary;
    else arms[name] = summary;
    for (const [world, faults] of Object.entries(worlds.ledgers)) {
      if (world !== plantedWorld) ledgerFaults += faults.length;
    }
  }
  const wide = played['wide'];
  const planted = wide?.curves[plantedWorld];
  const order = orderOf(arms);
  const samples = Math.min(...options.samples);
  const smallest = arms['wide']?.[realWorld(samples)];
  return {
    steps: options.steps,
    arms,
    smallest: smallest ? { ...gapShareOf(smallest), opened: smallest.epsAtEnd } : {},
    control: planted
      ? {
          pair: pairSummary(plantedWorld, wide),
          ledgerFaults: wide.ledgers[plantedWorld].length,
        }
      : {},
    images,
    ledgerFaults,
    ...(order !== undefined && { pairsOutOfOrder: order }),
    augmentation: augmentationOf(arms, samples),
  };
}

/** No share of a classical gap that is not open. */
const gapShareOf = ({ epsAtStop, classicalAtStop }: PairSummary): { readonly gapShare?: number } =>
  classicalAtStop > 0 ? { gapShare: Math.abs(epsAtStop) / classicalAtStop } : {};

const armSummary = (worlds: WorldsPlayed): ArmSummary =>
  Object.fromEntries(
    Object.keys(worlds.curves)
      .filter(world => world !== idealWorld && world !== plantedWorld)
      .map(world => [world, pairSummary(world, worlds)]),
  );

function pairSummary(world: string, { curves }: WorldsPlayed): PairSummary {
  const { stop, largestBefore, largestSingle, atStop, atEnd } = pairFigures(
    world,
    curves[world],
    curves[idealWorld],
  );
  return {
    stop: stop ?? atEnd.step,
    stopped: stop !== undefined,
    gapBefore: largestBefore,
    singleBefore: largestSingle,
    epsAtStop: atStop.eps,
    classicalAtStop: atStop.classical,
    epsAtEnd: atEnd.eps,
    softReal: atEnd.softReal,
    softIdeal: atEnd.softIdeal,
    hardReal: atEnd.hardReal,
    hardIdeal: atEnd.hardIdeal,
    trainError: atEnd.trainError,
    classicalAtEnd: atEnd.classical,
  };
}

function orderOf(arms: BootstrapResult['arms']): number | undefined {
  const pairs = (Object.keys(architectures) as Architecture[]).flatMap(name => {
    const pair = arms[name]?.[realWorld(ranked)];
    return pair ? [{ real: pair.softReal, ideal: pair.softIdeal }] : [];
  });
  return pairs.length < 2 ? undefined : pairsOutOfOrder(pairs);
}

function augmentationOf(arms: BootstrapResult['arms'], samples: number): BootstrapResult['augmentation'] {
  const plain = arms['wide']?.[realWorld(samples)];
  const augmented = arms[augmentedArm]?.[realWorld(samples)];
  if (!plain || !augmented) return {};
  return {
    stopRatio: augmented.stop / plain.stop,
    idealWorsens: augmented.softIdeal - plain.softIdeal,
    realImproves: plain.softReal - augmented.softReal,
  };
}
