import { parameterValue, type Robot } from '../../learners/simgan/robots.ts';
import type { Tuples } from '../../learners/simgan/tuples.ts';
import { meanOf } from './judging.ts';
import type { TrueFunction } from './truths.ts';

/** The learned function of a parameter, over states of the target. */
export interface FunctionPoint {
  readonly at: number;
  readonly learned: number;
  readonly true: number;
}

/** How the generator's parameters compare with the true ones, on what the target's data have seen. */
export interface Learned {
  /** Mean learned and true strength. */
  readonly strength: number;
  readonly trueStrength: number;
  /** Between learned and true strength; null where either does not vary. */
  readonly strengthCorrelation: number | null;
  readonly friction: number;
  readonly trueFriction: number;
  /** Strength and friction trade off: what both together make of a push, in newtons along it. */
  readonly force: {
    readonly correlation: number | null;
    /** Root of the mean square of learned − true. */
    readonly error: number;
    /** The same with the source's parameters: what there was to learn. */
    readonly sourceError: number;
    /** Slope of learned over true, through 0. */
    readonly slope: number;
  };
  /** Medians in twentieths of the data, along the axis of the true function. */
  readonly curve: readonly FunctionPoint[];
  /** What strength and friction together leave of a push, as a share of it. */
  readonly pushCurve: readonly FunctionPoint[];
}

/** Parts of the data that a curve has a point for. */
const parts = 20;

/**
 * Compares the functions on the rows that count.
 * @param outputs raw parameters [n × G] of each snapshot at the rows of `tuples`; the mean of their values is taken
 * @returns null where no row counts
 */
export function learnedOf(
  outputs: readonly Float32Array[],
  tuples: Tuples,
  robot: Robot,
  truth: TrueFunction,
): Learned | null {
  const index = (name: string): number => robot.parameters.findIndex(each => each.name === name);
  const [s, f] = [index('strength'), index('friction')];
  const size = robot.parameters.length;
  const meanValue = (row: number, k: number): number =>
    meanOf(outputs.map(each => parameterValue(robot.parameters[k], each[row * size + k])));
  const rows = tuples.observations.length / robot.observations;
  const found = Array.from({ length: rows }, (_, row) => {
    const observation = tuples.observations.subarray(
      row * robot.observations,
      (row + 1) * robot.observations,
    );
    const action = tuples.actions.subarray(row * robot.actions, (row + 1) * robot.actions);
    if (!truth.counts(action)) return [];
    const strength = meanValue(row, s);
    const friction = Math.max(truth.friction, meanValue(row, f));
    const factor = truth.factor(observation, action);
    const combined = (strength: number, friction: number): number =>
      truth.combined(observation, action, strength, friction);
    return [
      {
        at: truth.at(observation, action),
        ...{ strength, friction, factor, told: truth.told(action) },
        force: combined(strength, friction),
        trueForce: combined(factor, truth.friction),
        sourceForce: combined(1, truth.friction),
      },
    ];
  }).flat();
  if (found.length === 0) return null;
  const column = (name: Exclude<keyof (typeof found)[number], never>): number[] =>
    found.map(row => row[name]);
  const [force, trueForce] = [column('force'), column('trueForce')];
  const rootMeanSquare = (from: readonly number[]): number =>
    Math.sqrt(meanOf(from.map((value, i) => (value - trueForce[i]) ** 2)));
  const squares = meanOf(trueForce.map(value => value ** 2));
  return {
    strength: meanOf(column('strength')),
    trueStrength: meanOf(column('factor')),
    strengthCorrelation: correlation(column('strength'), column('factor')),
    friction: meanOf(column('friction')),
    trueFriction: truth.friction,
    force: {
      correlation: correlation(force, trueForce),
      error: rootMeanSquare(force),
      sourceError: rootMeanSquare(column('sourceForce')),
      slope: squares > 0 ? meanOf(force.map((value, i) => value * trueForce[i])) / squares : 0,
    },
    curve: curveOf(found.map(({ at, strength, factor }) => ({ at, learned: strength, true: factor }))),
    pushCurve: curveOf(
      found.map(({ at, force, trueForce, told }) => ({ at, learned: force / told, true: trueForce / told })),
    ),
  };
}

function curveOf(points: readonly FunctionPoint[]): FunctionPoint[] {
  const sorted = [...points].sort((a, b) => a.at - b.at);
  const count = Math.min(parts, sorted.length);
  return Array.from({ length: count }, (_, i) => {
    const part = sorted.slice(
      Math.floor((i * sorted.length) / count),
      Math.floor(((i + 1) * sorted.length) / count),
    );
    return {
      at: median(part.map(({ at }) => at)),
      learned: median(part.map(({ learned }) => learned)),
      true: median(part.map(each => each.true)),
    };
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Pearson's; null where either does not vary (but for the rounding of float32). */
export function correlation(a: readonly number[], b: readonly number[]): number | null {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  const still = (squares: number, mean: number): boolean =>
    squares <= 1e-12 * a.length * Math.max(1, mean ** 2);
  return still(aa, meanA) || still(bb, meanB) ? null : ab / Math.sqrt(aa * bb);
}
