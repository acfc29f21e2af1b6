import { TroupeError } from '../../core/errors.ts';
import type { GraphNode, Value } from '../graph/values.ts';

/** Functions that the generated code may call, by name; each is declared only where it is used. */
export type Helper = 'tanh' | 'elu' | 'selu' | 'leaky' | 'softplus' | 'evenly' | 'erf';

/** What a row writes code through. Indices and elements are JavaScript expressions; arrays are row-major. */
export interface Site {
  /** Adds a statement. */
  line(code: string): void;
  /** The name of the array that holds a value. */
  array(value: Value): string;
  /** One element of a value, by its linear index. */
  at(value: Value, index: string): string;
  /** Says that a value lies in the array of this name, element for element. */
  bind(value: Value, array: string): void;
  /** Adds a statement that is run once. */
  setup(code: string): void;
  /** A variable's name that nothing else has. */
  fresh(): string;
  helper(name: Helper): string;
}

/** An operation on each element: fused into the loop of whoever uses it, where only one does. */
export interface ElementRow {
  readonly op: string;
  readonly kind: 'element';
  /** Whether operands must have been rounded to their type: a threshold or a whole number depends on the last bit. */
  readonly rounded: boolean;
  /** The expression for one element, given those of the operands. */
  write(operands: readonly string[], node: GraphNode, site: Site): string;
}

/** An operation that writes its outputs' arrays itself. */
export interface BlockRow {
  readonly op: string;
  readonly kind: 'block';
  write(site: Site, node: GraphNode): void;
}

/** One row of the table: an ONNX operation, and how JavaScript computes the same. */
export type ModuleRow = ElementRow | BlockRow;

/** The whole numbers of a constant: shapes, axes, positions. */
export function wholeNumbers(value: Value | undefined): readonly number[] {
  if (value?.source.kind !== 'constant')
    throw new TroupeError('module: expected a constant of whole numbers');
  const { data, uniform } = value.source;
  return data
    ? Array.from(data)
    : new Array<number>(value.shape.reduce((n, m) => n * m, 1)).fill(uniform ?? 0);
}

/** An attribute that is a whole number. */
export function intOf(node: GraphNode, name: string, absent: number): number {
  const attribute = node.attributes[name];
  return attribute && 'int' in attribute ? attribute.int : absent;
}

/** An attribute that is a real number. */
export function floatOf(node: GraphNode, name: string, absent: number): number {
  const attribute = node.attributes[name];
  return attribute && 'float' in attribute ? attribute.float : absent;
}

/** An axis from 0 on. */
export const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Elements between neighbours along each axis of a row-major array. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** A sum of terms as an expression; products with 0 are left out. */
export function linear(offset: number, coordinates: readonly string[], strides: readonly number[]): string {
  const terms = coordinates.flatMap((coordinate, axis) => {
    if (coordinate === '0' || strides[axis] === 0) return [];
    return [strides[axis] === 1 ? coordinate : `${coordinate} * ${strides[axis]}`];
  });
  return [...(offset === 0 && terms.length > 0 ? [] : [String(offset)]), ...terms].join(' + ');
}

/** Loops over all coordinates of a shape, in row-major order. An axis of length 1 has no loop: its coordinate is `0`. */
export function overAll(
  site: Site,
  shape: readonly number[],
  body: (coordinates: readonly string[]) => void,
): void {
  const coordinates = shape.map(length => (length === 1 ? '0' : site.fresh()));
  const loops = coordinates.flatMap((name, axis) => (name === '0' ? [] : [{ name, length: shape[axis] }]));
  for (const { name, length } of loops) site.line(`for (let ${name} = 0; ${name} < ${length}; ${name}++) {`);
  body(coordinates);
  for (const _ of loops) site.line('}');
}
