import { tf } from '../../../../src/tensors/index.ts';
import { type At, at, beside, between, type Case, type Cases, of } from './case.ts';

/** Pairs of shapes that broadcast, each operand being the smaller one. */
const pairs: readonly (readonly [number[], number[]])[] = [
  [
    [3, 4],
    [3, 4],
  ],
  [[3, 4], [4]],
  [[4], [3, 4]],
  [
    [3, 1],
    [3, 4],
  ],
  [
    [3, 4],
    [1, 1],
  ],
  [[], [2, 3]],
  [
    [2, 1, 3],
    [4, 1],
  ],
];
/** An op on all pairs; `a` and `b` are the ranges. */
const binaryOf = (f: Case['f'], a: [number, number] = [-2, 2], b: [number, number] = [-2, 2]): Case[] =>
  pairs.map(([left, right]) =>
    of(
      `of ${JSON.stringify(left)} and ${JSON.stringify(right)}`,
      [between(...a, ...left), between(...b, ...right)],
      f,
    ),
  );
const same: readonly At[] = [at(3, 4), at(4)];
const flat = (f: Case['f']): Case[] => [of('beside a square', same, (a, b) => beside(tf.mul(a, b), f(a, b)))];
const both = (f: Case['f']): Case[] => flat((a, b) => f(tf.greater(a, 0), tf.less(b, 1)));

export const binary: Cases = {
  Add: [...binaryOf(tf.add), of('of a tensor with itself', [at(3)], x => tf.square(tf.add(x, x)))],
  Sub: binaryOf(tf.sub),
  Multiply: [
    ...binaryOf(tf.mul),
    of('with whole numbers', [at(3)], x => tf.mul(x, tf.tensor1d([2, 0, -3], 'int32'))),
  ],
  RealDiv: binaryOf(tf.div, [-2, 2], [0.6, 3]),
  Pow: [
    ...binaryOf(tf.pow, [0.3, 2], [-2, 3]),
    of('squares of negative numbers', [between(-2, -0.5, 4)], x => tf.pow(x, 2)),
    of('the zeroth power of zero', [at(3)], x => tf.pow(tf.mul(x, 0), 0)),
  ],
  Minimum: binaryOf(tf.minimum),
  Maximum: binaryOf(tf.maximum),
  SquaredDifference: binaryOf(tf.squaredDifference),
  Atan2: binaryOf(tf.atan2, [0.3, 2], [-2, 2]),
  Mod: binaryOf(tf.mod, [-2, 2], [2.2, 3]),
  AddN: [
    of('of three', [at(3, 2), at(3, 2), at(3, 2)], (a, b, c) => tf.square(tf.addN([a, b, tf.mul(c, c)]))),
  ],
  Select: [
    of('of both', same, (a, b) => tf.where(tf.tensor1d([true, false, false, true], 'bool'), a, b)),
    of('by what it selects from', [at(3, 4), at(3, 4)], (a, b) =>
      tf.where(tf.greater(a, b), tf.mul(a, b), tf.square(b)),
    ),
  ],
  Greater: flat(tf.greater),
  GreaterEqual: flat(tf.greaterEqual),
  Less: flat(tf.less),
  LessEqual: flat(tf.lessEqual),
  Equal: flat(tf.equal),
  NotEqual: flat(tf.notEqual),
  LogicalAnd: both(tf.logicalAnd),
  LogicalOr: both(tf.logicalOr),
  FloorDiv: flat(tf.floorDiv),
};
