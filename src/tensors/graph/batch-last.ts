import { sizeOf } from '../../core/arrays.ts';
import type { GraphBuilder } from './builder.ts';
import { reshape, transpose } from './shapes.ts';
import { nodeOf, sameShape, uniformOf, type Value } from './values.ts';

/*
 * Images with their batch last: `[channels, height, width, batch]`. What windows take there lies in long rows, so that
 * convolutions and pools are copies of whole rows and products of long matrices. Kernels of TensorFlow.js have the batch
 * first; whatever works on each element alone, or sums, is done before the transposition back, so that two of them meet
 * and vanish, and only the edges of a network are transposed.
 */

/** From batch first to batch last, and back: the order is its own inverse. */
const ORDER = [3, 1, 2, 0] as const;

/** `[batch, height, width, channels]` as `[channels, height, width, batch]`. */
export const batchLast = (g: GraphBuilder, x: Value): Value => transpose(g, x, ORDER);

/** `[channels, height, width, batch]` as `[batch, height, width, channels]`. */
export const batchFirst = batchLast;

/** What a value is with the batch last, if it was made so. */
export function madeBatchLast(value: Value): Value | undefined {
  const node = nodeOf(value, 'Transpose');
  const order = node?.attributes['perm'];
  return order && 'ints' in order && sameShape(order.ints, ORDER) ? node.inputs[0] : undefined;
}

/**
 * Operands that broadcast to a shape, with the batch last, if the larger ones were made so: what is much smaller than the
 * result may be transposed.
 */
export function operandsBatchLast(
  g: GraphBuilder,
  operands: readonly Value[],
  shape: readonly number[],
): readonly Value[] | undefined {
  const whole = operands.some(value => madeBatchLast(value) && sameShape(value.shape, shape));
  if (!whole) return undefined;
  // With a last axis of one element onnxruntime takes each element by itself where the other operand is a number.
  if (shape[0] === 1 && operands.some(value => uniformOf(value) !== undefined)) return undefined;
  const turned = operands.map(value => {
    const made = madeBatchLast(value);
    if (made) return made;
    if (value.shape.length === 0) return value;
    if (uniformOf(value) !== undefined) return g.uniform(uniformOf(value) ?? 0, [], value.dtype);
    const narrow = nodeOf(value, 'Expand')?.inputs[0] ?? value;
    if (narrow.shape.length > 4 || sizeOf(narrow.shape) * SMALL > sizeOf(shape)) return undefined;
    const ones = new Array<number>(4 - narrow.shape.length).fill(1);
    return batchLast(g, reshape(g, narrow, [...ones, ...narrow.shape]));
  });
  return turned.every(value => value !== undefined) ? turned : undefined;
}

/** Transposing an operand so many times smaller than the result is no loss. */
const SMALL = 8;

/** A reduction's axes with the batch last, and the order of what it leaves that is the one with the batch first. */
export function reducedBatchLast(axes: readonly number[]): {
  readonly axes: readonly number[];
  readonly order: readonly number[];
} {
  const left = ORDER.filter((_, axis) => !axes.includes(axis));
  const made = [...left].sort((a, b) => a - b);
  return { axes: axes.map(axis => ORDER[axis]), order: left.map(axis => made.indexOf(axis)) };
}
