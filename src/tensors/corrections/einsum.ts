import type { Tensor } from '@tensorflow/tfjs-core';
import { usageError } from '../../core/errors.ts';
import * as tf from '../tfjs.ts';

/** A tensor whose axes have names. */
interface Named {
  readonly tensor: Tensor;
  readonly axes: readonly string[];
}

/**
 * TensorFlow.js’s `einsum`, made of its other operations: its own kernel has no gradient, and none on wasm at all.
 * Operands are multiplied from the left to the right, each pair as one product of matrices (or element by element
 * where nothing is summed up).
 * @param equation like `bij,bjk->bik`: a letter for each axis; neither `...` nor a letter twice in one term
 * @throws where the equation and the tensors do not fit
 */
export const einsum: typeof tf.einsum = (equation, ...tensors) => {
  const { terms, output } = parse(equation, tensors);
  let result = sumOut({ tensor: tensors[0], axes: terms[0] }, needed(terms, output, 1));
  for (let i = 1; i < tensors.length; i++) {
    const after = needed(terms, output, i + 1);
    const next = sumOut({ tensor: tensors[i], axes: terms[i] }, [...after, ...result.axes]);
    result = multiplied(sumOut(result, [...after, ...next.axes]), next, after);
  }
  return inOrder(result, output);
};

function parse(equation: string, tensors: readonly Tensor[]) {
  const wrong = (what: string) => usageError(`tf.einsum: ${equation}: ${what}`);
  const match = /^([a-zA-Z]*(?:,[a-zA-Z]*)*)->([a-zA-Z]*)$/.exec(equation.replaceAll(/\s/g, ''));
  if (!match) throw wrong('expected terms of letters, like bij,bjk->bik');
  const terms = match[1].split(',').map(term => [...term]);
  const output = [...match[2]];
  if (terms.length !== tensors.length) throw wrong(`expected ${terms.length} tensors, got ${tensors.length}`);
  const sizes = new Map<string, number>();
  terms.forEach((axes, i) => {
    const { shape } = tensors[i];
    if (shape.length !== axes.length) {
      throw wrong(`expected rank ${axes.length} of tensor ${i}, got shape [${shape.join(', ')}]`);
    }
    axes.forEach((axis, j) => {
      const size = sizes.get(axis) ?? shape[j];
      if (size !== shape[j]) throw wrong(`expected ${size} of axis ${axis} in tensor ${i}, got ${shape[j]}`);
      sizes.set(axis, size);
    });
  });
  for (const axes of [...terms, output]) {
    if (new Set(axes).size !== axes.length) throw wrong(`expected every letter once in ${axes.join('')}`);
  }
  const unknown = output.find(axis => !sizes.has(axis));
  if (unknown !== undefined) throw wrong(`expected axis ${unknown} in one of the terms`);
  return { terms, output };
}

/** The axes that are still needed after the terms before this one. */
const needed = (terms: readonly string[][], output: readonly string[], from: number): string[] => [
  ...terms.slice(from).flat(),
  ...output,
];

/** Sums up the axes that nothing needs. */
function sumOut({ tensor, axes }: Named, keep: readonly string[]): Named {
  const gone = axes.flatMap((axis, i) => (keep.includes(axis) ? [] : [i]));
  if (gone.length === 0) return { tensor, axes };
  return { tensor: tf.sum(tensor, gone), axes: axes.filter(axis => keep.includes(axis)) };
}

function multiplied(a: Named, b: Named, keep: readonly string[]): Named {
  const shared = a.axes.filter(axis => b.axes.includes(axis));
  const batch = shared.filter(axis => keep.includes(axis));
  const summed = shared.filter(axis => !keep.includes(axis));
  const rows = a.axes.filter(axis => !shared.includes(axis));
  const columns = b.axes.filter(axis => !shared.includes(axis));
  const axes = [...batch, ...rows, ...columns];
  const sizes = new Map([a, b].flatMap(({ tensor, axes }) => axes.map((axis, i) => [axis, tensor.shape[i]])));
  const shape = (names: readonly string[]) => names.map(name => sizes.get(name)!);
  if (summed.length === 0) {
    const left = tf.reshape(inOrder(a, [...batch, ...rows]), [
      ...shape(batch),
      ...shape(rows),
      ...columns.map(() => 1),
    ]);
    const right = tf.reshape(inOrder(b, [...batch, ...columns]), [
      ...shape(batch),
      ...rows.map(() => 1),
      ...shape(columns),
    ]);
    return { tensor: tf.mul(left, right), axes };
  }
  const [count, height, depth, width] = [batch, rows, summed, columns].map(names =>
    tf.util.sizeFromShape(shape(names)),
  );
  // The order that a tensor has already needs no transposition: a product can take either side turned.
  const turnA = sameOrder(a.axes, [...batch, ...summed, ...rows]);
  const turnB = sameOrder(b.axes, [...batch, ...columns, ...summed]);
  const outer = batch.length === 0 ? [] : [count];
  const left = turnA
    ? tf.reshape(a.tensor, [...outer, depth, height])
    : tf.reshape(inOrder(a, [...batch, ...rows, ...summed]), [...outer, height, depth]);
  const right = turnB
    ? tf.reshape(b.tensor, [...outer, width, depth])
    : tf.reshape(inOrder(b, [...batch, ...summed, ...columns]), [...outer, depth, width]);
  return { tensor: tf.reshape(tf.matMul(left, right, turnA, turnB), shape(axes)), axes };
}

const sameOrder = (a: readonly string[], b: readonly string[]): boolean => a.join('') === b.join('');

function inOrder({ tensor, axes }: Named, order: readonly string[]): Tensor {
  return sameOrder(axes, order)
    ? tensor
    : tf.transpose(
        tensor,
        order.map(axis => axes.indexOf(axis)),
      );
}
