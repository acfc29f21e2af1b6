import {
  type Code,
  call,
  during,
  f32x4,
  i32,
  i32x4,
  type Local,
  moduleBytes,
  type Routine,
  repeat,
  routine,
  sequence,
  v128,
  when,
} from './assembler.ts';

// Addresses are bytes, lengths are numbers of float32. Kernels read, and the elementwise ones write, up to three numbers
// past the end: whoever lays out memory leaves room.

/** What a module of kernels exports. */
export interface Kernels {
  /** out [rows × columns] = x [rows × inner] · w [inner × columns] + bias [columns]. */
  dense(x: number, w: number, bias: number, out: number, rows: number, inner: number, columns: number): void;
  tanh(x: number, out: number, length: number): void;
  relu(x: number, out: number, length: number): void;
  sigmoid(x: number, out: number, length: number): void;
  exp(x: number, out: number, length: number): void;
}

/** Vectors of sums that are under way at once: as many as hide the latency of an addition, and fit the registers. */
const SUMS = 8;

/**
 * `dense` for a fixed number of rows, a block of columns after the other. Each element is the sum over `inner` in
 * ascending order, from the bias on, whatever the block: a row has the same bits in each batch.
 */
const denseRows = (rows: number): Routine =>
  routine(6, ([x, w, bias, out, inner, columns], local) => {
    const width = SUMS / rows;
    const [left, rowBytes, stride, from, end] = Array.from({ length: 5 }, () => local('i32'));
    const each = Array.from({ length: rows }, (_, row) => row);
    const xs = each.map(() => local('i32'));
    const sums = each.map(() => Array.from({ length: width }, () => local('v128')));
    const weights = Array.from({ length: width }, () => local('v128'));
    const factor = local('v128');
    const plus = (variable: Local, bytes: Code) => variable.set(i32.add(variable.get, bytes));
    const outOf = (row: number) =>
      row === 0 ? out.get : i32.add(out.get, i32.mul(stride.get, i32.const(row)));

    /** The sums of `count` vectors of columns. */
    const gather = (count: number): Code => {
      const columnsOf = Array.from({ length: count }, (_, j) => j);
      return sequence(
        ...each.map(row => xs[row].set(i32.add(x.get, i32.mul(rowBytes.get, i32.const(row))))),
        ...each.flatMap(row => columnsOf.map(j => sums[row][j].set(v128.load(bias.get, 16 * j)))),
        from.set(w.get),
        end.set(i32.add(x.get, rowBytes.get)),
        repeat(
          sequence(
            ...columnsOf.map(j => weights[j].set(v128.load(from.get, 16 * j))),
            ...each.flatMap(row => [
              factor.set(v128.loadSplat(xs[row].get)),
              ...columnsOf.map(j =>
                sums[row][j].set(f32x4.add(sums[row][j].get, f32x4.mul(factor.get, weights[j].get))),
              ),
              plus(xs[row], i32.const(4)),
            ]),
            plus(from, stride.get),
          ),
          i32.ne(xs[0].get, end.get),
        ),
      );
    };
    const whole = (count: number): Code =>
      during(
        i32.ge(left.get, i32.const(4 * count)),
        sequence(
          gather(count),
          ...each.flatMap(row =>
            sums[row].slice(0, count).map((sum, j) => v128.store(outOf(row), sum.get, 16 * j)),
          ),
          ...[w, bias, out].map(pointer => plus(pointer, i32.const(16 * count))),
          plus(left, i32.const(-4 * count)),
        ),
      );
    const bit = (mask: number) => i32.and(left.get, i32.const(mask));
    const rest: Code = sequence(
      gather(1),
      when(
        bit(2),
        sequence(
          ...each.map(row => v128.storeLow64(outOf(row), sums[row][0].get)),
          when(bit(1), sequence(...each.map(row => v128.storeLane32(outOf(row), sums[row][0].get, 2, 8)))),
        ),
      ),
      when(
        i32.ne(bit(2), i32.const(2)),
        sequence(...each.map(row => v128.storeLane32(outOf(row), sums[row][0].get, 0))),
      ),
    );
    return sequence(
      left.set(columns.get),
      rowBytes.set(i32.shl(inner.get, i32.const(2))),
      stride.set(i32.shl(columns.get, i32.const(2))),
      whole(width),
      whole(1),
      when(left.get, rest),
    );
  });

/** All rows: in fours, then a pair, then one. @param of the positions of `denseRows` for 4, 2 and 1 */
const dense = ([four, two, one]: readonly number[]): Routine =>
  routine(7, ([x, w, bias, out, rows, inner, columns]) => {
    const block = (index: number, count: number): Code =>
      sequence(
        call(index, x.get, w.get, bias.get, out.get, inner.get, columns.get),
        x.set(i32.add(x.get, i32.mul(inner.get, i32.const(4 * count)))),
        out.set(i32.add(out.get, i32.mul(columns.get, i32.const(4 * count)))),
        rows.set(i32.sub(rows.get, i32.const(count))),
      );
    const enough = (count: number) => i32.ge(rows.get, i32.const(count));
    return sequence(
      during(enough(4), block(four, 4)),
      when(enough(2), block(two, 2)),
      when(enough(1), block(one, 1)),
    );
  });

type Lanes = (x: Local, local: () => Local) => { readonly before: Code; readonly value: Code };

/** A function of each element, four at a time. */
const elementwise = (lanes: Lanes): Routine =>
  routine(3, ([from, to, length], local) => {
    const x = local('v128');
    const { before, value } = lanes(x, () => local('v128'));
    return during(
      i32.gt(length.get, i32.const(0)),
      sequence(
        x.set(v128.load(from.get)),
        before,
        v128.store(to.get, value),
        from.set(i32.add(from.get, i32.const(16))),
        to.set(i32.add(to.get, i32.const(16))),
        length.set(i32.sub(length.get, i32.const(4))),
      ),
    );
  });

/** c₀ + c₁ x + c₂ x² + …, by Horner's rule. */
const polynomial = (x: Code, coefficients: readonly number[]): Code =>
  coefficients
    .slice(0, -1)
    .reduceRight<Code>(
      (sum, coefficient) => f32x4.add(f32x4.mul(sum, x), f32x4.const(coefficient)),
      f32x4.const(coefficients[coefficients.length - 1]),
    );

/** NaN stays NaN: where a comparison fails, `pmin` and `pmax` give their first operand. */
const clamped = (x: Code, low: number, high: number): Code =>
  f32x4.pmax(f32x4.pmin(x, f32x4.const(high)), f32x4.const(low));

/**
 * Eigen's rational function: an odd polynomial of degree 13 by an even one of degree 6, minimax on [−9, 9]; outside of
 * it the nearest float32 is ±1.
 */
const tanh: Lanes = (x, local) => {
  const square = local();
  return {
    before: sequence(x.set(clamped(x.get, -9, 9)), square.set(f32x4.mul(x.get, x.get))),
    value: f32x4.div(
      f32x4.mul(
        x.get,
        polynomial(
          square.get,
          [
            4.89352455891786e-3, 6.37261928875436e-4, 1.48572235717979e-5, 5.12229709037114e-8,
            -8.60467152213735e-11, 2.00018790482477e-13, -2.76076847742355e-16,
          ],
        ),
      ),
      polynomial(
        square.get,
        [4.89352518554385e-3, 2.268434632439e-3, 1.18534705686654e-4, 1.19825839466702e-6],
      ),
    ),
  };
};

const relu: Lanes = x => ({ before: [], value: f32x4.pmax(x.get, f32x4.const(0)) });

const bias = 127;

/**
 * e^x = 2ⁿ · e^r, n = x · log₂ e rounded, r = x − n · ln 2 in two steps (Cody and Waite), e^r by its series to the
 * seventh power. 2ⁿ comes as two factors: together they reach the smallest and the largest float32.
 */
const expOf = (x: Local, local: () => Local) => {
  const [n, half, r] = [local(), local(), local()];
  const power = (exponent: Code): Code =>
    i32x4.shl(i32x4.add(i32x4.truncate(exponent), i32x4.const(bias)), i32.const(23));
  return {
    before: sequence(
      x.set(clamped(x.get, -104, 89)),
      n.set(f32x4.nearest(f32x4.mul(x.get, f32x4.const(Math.LOG2E)))),
      half.set(f32x4.nearest(f32x4.mul(n.get, f32x4.const(0.5)))),
      r.set(
        f32x4.sub(
          f32x4.sub(x.get, f32x4.mul(n.get, f32x4.const(0.693359375))),
          f32x4.mul(n.get, f32x4.const(Math.LN2 - 0.693359375)),
        ),
      ),
    ),
    value: f32x4.mul(
      f32x4.mul(polynomial(r.get, [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040]), power(half.get)),
      power(f32x4.sub(n.get, half.get)),
    ),
  };
};

/** 1 / (1 + e^−x) */
const sigmoid: Lanes = (x, local) => {
  const { before, value } = expOf(x, local);
  return {
    before: sequence(x.set(f32x4.mul(x.get, f32x4.const(-1))), before),
    value: f32x4.div(f32x4.const(1), f32x4.add(value, f32x4.const(1))),
  };
};

/** All kernels as one module. */
export const kernelBytes = (): Uint8Array<ArrayBuffer> =>
  moduleBytes({
    dense4: denseRows(4),
    dense2: denseRows(2),
    dense1: denseRows(1),
    dense: dense([0, 1, 2]),
    tanh: elementwise(tanh),
    relu: elementwise(relu),
    sigmoid: elementwise(sigmoid),
    exp: elementwise(expOf),
  });
