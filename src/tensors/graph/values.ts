/** Element types of a graph. Tensors of steps are float32, int32 or bool; int64 is for what ONNX wants so: shapes, axes, indices. */
export type Dtype = 'float32' | 'int32' | 'bool' | 'int64';

/** Bytes that an element takes. */
export const bytesPerElement: Readonly<Record<Dtype, number>> = { float32: 4, int32: 4, bool: 1, int64: 8 };

/** Values of a constant, row-major. Booleans are zero or one, int64 are held as whole numbers. */
export type ConstantData = Float32Array | Int32Array | Uint8Array;

/** A tensor in a graph: what a node puts out, what comes in from outside, or a constant. Belongs to one builder. */
export interface Value {
  /** Unique, and in the order in which values came to be. */
  readonly id: number;
  /** The number of the builder that made it. */
  readonly owner: number;
  readonly dtype: Dtype;
  /** A first length of −1: each run may have another one. Only values around a loop have such. */
  readonly shape: readonly number[];
  readonly source: InputSource | ConstantSource | NodeSource;
}

export interface InputSource {
  readonly kind: 'input';
  readonly name: string;
}

export interface ConstantSource {
  readonly kind: 'constant';
  /** All elements have this value; then `data` is absent, whatever the shape. */
  readonly uniform: number | undefined;
  readonly data: ConstantData | undefined;
}

export interface NodeSource {
  readonly kind: 'node';
  readonly node: GraphNode;
  /** Which of the node's outputs this is. */
  readonly output: number;
}

/** An attribute of a node, by its ONNX type. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly graph: Graph };

export type Attributes = Readonly<Record<string, Attribute>>;

/** One ONNX operation. `undefined` among the inputs is an optional one left out. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
}

/** What a builder was asked for: outputs by name, and the inputs, whether or not an output depends on them. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
}

/** What a value will look like. */
export interface Spec {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/** Whether two shapes are the same. */
export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis]);

/** The node that a value comes from, if it is of the given kind. */
export function nodeOf(value: Value, op?: string): GraphNode | undefined {
  if (value.source.kind !== 'node') return undefined;
  return op === undefined || value.source.node.op === op ? value.source.node : undefined;
}

/** The number that all elements of a constant have, if the value is such a constant. */
export const uniformOf = (value: Value): number | undefined =>
  value.source.kind === 'constant' ? value.source.uniform : undefined;

/** E.g. `float32 [2, 3]`, for messages. */
export const describeSpec = ({ dtype, shape }: Spec): string => `${dtype} [${shape.join(', ')}]`;
