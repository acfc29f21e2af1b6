import { sizeOf } from '../../core/arrays.ts';
import { GraphBuilder } from './builder.ts';
import { nodesOf } from './inline.ts';
import { type Graph, type GraphNode, sameShape, uniformOf, type Value } from './values.ts';

/** Why a graph is tied to the number of rows that it was traced with. */
export interface Tied {
  readonly reason: string;
}

/**
 * A graph for any number of rows, from two traces of one step with different numbers of rows. What the traces have in
 * common does not depend on that number; where they differ, it is a shape that `Reshape` or `Expand` is given, and the
 * number of rows can be left for the executor to find. Anything else that differs ties the graph to its rows.
 *
 * Two large primes are the right numbers: no other length of a step is one of them or a multiple.
 * @param rows the number of rows of each trace: the first axis of each of its inputs and outputs
 */
export function withAnyRows(
  [first, second]: readonly [Graph, Graph],
  rows: readonly [number, number],
): Graph | Tied {
  const [nodes, others] = [nodesOf(first), nodesOf(second)];
  if (nodes.length !== others.length)
    return { reason: 'the number of operations depends on the number of rows' };
  const g = new GraphBuilder();
  const twins = new Map<Value, Value>();
  const made = new Map<Value, Value>();
  for (let i = 0; i < first.inputs.length; i++) {
    const [a, b] = [first.inputs[i], second.inputs[i]];
    if (a.source.kind !== 'input' || !leadByRows(a, b, rows))
      return { reason: 'an input has no axis of rows' };
    twins.set(a, b);
    made.set(a, g.input(a.source.name, { dtype: a.dtype, shape: [-1, ...a.shape.slice(1)] }));
  }

  const take = (
    a: Value | undefined,
    b: Value | undefined,
    node: GraphNode,
    at: number,
  ): Value | Tied | undefined => {
    if (!a || !b) return a === b ? undefined : { reason: `${node.op} has other inputs` };
    if (a.source.kind !== 'constant' || b.source.kind !== 'constant') {
      return twins.get(a) === b ? made.get(a) : { reason: `${node.op} has other inputs` };
    }
    const values = sharedConstant(a, b, rows, node, at);
    if (!values) return { reason: `a constant of ${node.op} depends on the number of rows` };
    if (values === 'same') return copyOf(g, a);
    return g.indices(values);
  };

  for (let n = 0; n < nodes.length; n++) {
    const [node, other] = [nodes[n], others[n]];
    if (node.op !== other.op || JSON.stringify(node.attributes) !== JSON.stringify(other.attributes)) {
      return { reason: `${node.op} depends on the number of rows` };
    }
    const inputs: (Value | undefined)[] = [];
    for (let at = 0; at < node.inputs.length; at++) {
      const input = take(node.inputs[at], other.inputs[at], node, at);
      if (input && 'reason' in input) return input;
      inputs.push(input);
    }
    const copies = g.nodes(node.op, inputs, node.attributes, node.outputs);
    node.outputs.forEach((output, k) => {
      twins.set(output, other.outputs[k]);
      made.set(output, copies[k]);
    });
  }

  const outputs: Record<string, Value> = {};
  for (let i = 0; i < first.outputs.length; i++) {
    const [{ name, value }, { value: other }] = [first.outputs[i], second.outputs[i]];
    const result = made.get(value);
    if (!result || twins.get(value) !== other || !leadByRows(value, other, rows)) {
      return { reason: `output ${name} has no axis of rows` };
    }
    outputs[name] = result;
  }
  return g.graph(outputs);
}

/** Whether two shapes are the same but for the rows, which come first. */
const leadByRows = (a: Value, b: Value, [rowsA, rowsB]: readonly [number, number]): boolean =>
  a.shape[0] === rowsA && b.shape[0] === rowsB && sameShape(a.shape.slice(1), b.shape.slice(1));

/**
 * What a constant is whatever the number of rows: the same, or a shape in which the executor finds the rows itself.
 * `undefined`: it depends on them.
 */
function sharedConstant(
  a: Value,
  b: Value,
  [rowsA, rowsB]: readonly [number, number],
  node: GraphNode,
  at: number,
): 'same' | readonly number[] | undefined {
  if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return undefined;
  const [x, y] = [elements(a), elements(b)];
  const differing = x.flatMap((value, i) => (Object.is(value, y[i]) ? [] : [i]));
  if (differing.length === 0) return 'same';
  if (a.dtype !== 'int64' || at !== 1) return undefined;
  const byRows = differing.every(i => x[i] % rowsA === 0 && x[i] / rowsA === y[i] / rowsB);
  if (!byRows) return undefined;
  // One length may be left open in a Reshape: the executor finds it from the number of elements.
  if (node.op === 'Reshape' && differing.length === 1) return x.with(differing[0], -1);
  // Expand leaves an axis as it is where it is told 1; it must be there already.
  const source = node.inputs[0];
  const missing = x.length - (source?.shape.length ?? 0);
  const there = differing.every(i => source?.shape[i - missing] === x[i]);
  return node.op === 'Expand' && there
    ? x.map((length, i) => (differing.includes(i) ? 1 : length))
    : undefined;
}

function elements(value: Value): number[] {
  const uniform = uniformOf(value);
  if (uniform !== undefined) return new Array<number>(sizeOf(value.shape)).fill(uniform);
  return value.source.kind === 'constant' ? Array.from(value.source.data ?? []) : [];
}

function copyOf(g: GraphBuilder, { source, shape, dtype }: Value): Value {
  if (source.kind === 'constant' && source.data) return g.constant(source.data, shape, dtype);
  return g.uniform(source.kind === 'constant' ? (source.uniform ?? 0) : 0, shape, dtype);
}
