import { usageError } from '../../core/errors.ts';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/values.ts';

/**
 * One row of the lowering table: a kernel of TensorFlow.js, and how a graph computes the same. `onnx` and `traps` are
 * for readers (docs/tensors.md is where to learn how to add a row).
 */
export interface Row {
  /** The kernel's name, e.g. `Relu6`. */
  readonly kernel: string;
  /** Its form in ONNX, in short. */
  readonly onnx: string;
  /** What went wrong here once, or where the two differ. */
  readonly traps?: string;
  lower(
    g: GraphBuilder,
    inputs: Readonly<Record<string, Value>>,
    attributes: unknown,
  ): Value | readonly Value[];
}

/**
 * Writes a row.
 * @param lower gets the kernel's inputs by their names (lists of tensors have `0`, `1`, …) and its attributes
 */
export const row = <I extends string = 'x', A = object>(
  kernel: string,
  onnx: string,
  lower: (g: GraphBuilder, inputs: Readonly<Record<I, Value>>, attributes: A) => Value | readonly Value[],
  traps?: string,
): Row => ({ kernel, onnx, lower: lower as Row['lower'], ...(traps !== undefined && { traps }) });

/** Axes as attributes give them (a number, a list, or nothing for all), each from 0 on. */
export function axesOf(axis: number | readonly number[] | undefined | null, rank: number): readonly number[] {
  const axes =
    axis === undefined || axis === null ? Array.from({ length: rank }, (_, i) => i) : [axis].flat();
  for (const given of axes) {
    if (given < -rank || given >= rank) throw usageError(`axis ${given} of a tensor of rank ${rank}`);
  }
  return axes.map(a => (a < 0 ? a + rank : a));
}

/** A row for a kernel of two operands that broadcast. */
export const twoOperands = (
  kernel: string,
  onnx: string,
  lower: (g: GraphBuilder, a: Value, b: Value) => Value,
  traps?: string,
): Row => row<'a' | 'b'>(kernel, onnx, (g, { a, b }) => lower(g, a, b), traps);
