import { tf } from '../../../../src/tensors/index.ts';
import { at, beside, between, type Case, type Cases, of } from './case.ts';

type Axis = number | number[] | undefined;
const reduce = (f: (x: never, axis: Axis, keepDims: boolean) => unknown): Case[] =>
  ([undefined, 0, 1, -1, [0, 2], [2, 1]] as Axis[]).flatMap(axis =>
    [false, true].map(keepDims =>
      of(
        `along ${JSON.stringify(axis)}${keepDims ? ', kept' : ''}`,
        [at(2, 3, 4)],
        x => f(x as never, axis, keepDims) as never,
      ),
    ),
  );
const running = (f: typeof tf.cumsum): Case[] =>
  [0, 1, 2, -2].flatMap(axis =>
    [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ].map(([exclusive, reverse]) =>
      of(
        `along ${axis}, ${exclusive ? 'exclusive' : 'inclusive'}${reverse ? ', backwards' : ''}`,
        [at(2, 3, 4)],
        x => f(x, axis, exclusive, reverse),
      ),
    ),
  );
/** Some of the numbers replaced by zeros, their own gradients included. */
const holes = [1, 0, 1, 1, 0, 1];
const flat = (f: Case['f']): Case[] => [of('beside a square', [at(3, 5)], x => beside(tf.sum(x, 1), f(x)))];

export const reductions: Cases = {
  Sum: reduce(tf.sum),
  Mean: reduce(tf.mean),
  Max: reduce(tf.max),
  Min: reduce(tf.min),
  Prod: [
    ...reduce(tf.prod),
    of('with zeros', [at(6)], x => tf.prod(tf.mul(x, holes))),
    of('with one zero', [at(2, 3)], x =>
      tf.prod(
        tf.mul(x, [
          [1, 0, 1],
          [1, 1, 1],
        ]),
        1,
      ),
    ),
  ],
  Cumsum: running(tf.cumsum),
  Cumprod: [
    ...running(tf.cumprod as typeof tf.cumsum),
    of('with zeros', [at(6)], x => tf.cumprod(tf.mul(x, holes))),
    of('of one step', [between(1, 2, 3, 1)], x => tf.cumprod(x, 1)),
  ],
  ArgMax: flat(x => tf.argMax(x, 1)),
  ArgMin: flat(x => tf.argMin(x, 1)),
  All: flat(x => tf.all(tf.greater(x, 0), 1)),
  Any: flat(x => tf.any(tf.greater(x, 1), 1)),

  Softmax: [of('of rows', [at(3, 5)], x => tf.softmax(x)), of('of a vector', [at(4)], x => tf.softmax(x))],
  LRN: [of('of channels', [at(1, 2, 2, 6)], x => tf.localResponseNormalization(x, 2, 1.5, 0.4, 0.7))],
};
