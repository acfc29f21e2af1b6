import { sizeOf } from '../../core/arrays.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { nodesOf } from '../graph/inline.ts';
import { swapped } from '../graph/linear.ts';
import { type Graph, type GraphNode, sameShape, type Value } from '../graph/values.ts';
import { floatOf, intOf } from '../module/row.ts';

/**
 * The same graph with `Dense` in place of products that the kernel of this name computes: x [… × inner], a matrix
 * [inner × columns] and, where one is added, a bias of `columns` numbers.
 */
export function fused(graph: Graph): Graph {
  const nodes = nodesOf(graph);
  const uses = usesOf(graph, nodes);
  const g = new GraphBuilder();
  const made = new Map<Value, Value>();
  for (const input of graph.inputs) {
    if (input.source.kind === 'input') made.set(input, g.input(input.source.name, input));
  }
  const take = (value: Value): Value => {
    const known = made.get(value);
    if (known) return known;
    const copy = g.copyOf(value);
    made.set(value, copy);
    return copy;
  };
  /** Products whose only use is a sum with a bias: they are built there. */
  const waiting = new Map<Value, Product>();
  for (const node of nodes) {
    const [out] = node.outputs;
    const product = productOf(node) ?? withBias(node, waiting);
    if (product) {
      const { x, weights, transposed, bias } = product;
      if (!bias && uses.get(out)?.op === 'Add') waiting.set(out, product);
      const matrix = transposed ? swapped(g, take(weights)) : take(weights);
      const operands = [take(x), matrix, ...(bias ? [take(bias)] : [])];
      made.set(out, g.node('Dense', operands, out));
      continue;
    }
    const operands = node.inputs.map(input => input && take(input));
    const copies = g.nodes(node.op, operands, node.attributes, node.outputs);
    node.outputs.forEach((output, i) => {
      made.set(output, copies[i]);
    });
  }
  return g.graph(Object.fromEntries(graph.outputs.map(({ name, value }) => [name, take(value)])));
}

interface Product {
  readonly x: Value;
  readonly weights: Value;
  readonly transposed: boolean;
  readonly bias?: Value | undefined;
}

function productOf(node: GraphNode): Product | undefined {
  const [x, weights, bias] = node.inputs;
  if (x?.dtype !== 'float32' || weights?.shape.length !== 2 || sizeOf(weights.shape) === 0) return undefined;
  if (node.op === 'MatMul' && x.shape.length >= 2) return { x, weights, transposed: false };
  if (node.op !== 'Gemm' || intOf(node, 'transA', 0) === 1 || floatOf(node, 'alpha', 1) !== 1)
    return undefined;
  if (bias && !(isBias(bias, node.outputs[0]) && floatOf(node, 'beta', 1) === 1)) return undefined;
  return { x, weights, transposed: intOf(node, 'transB', 0) === 1, bias };
}

/** A product and a bias, if that is what a node adds. */
function withBias(node: GraphNode, products: ReadonlyMap<Value, Product>): Product | undefined {
  const [a, b] = node.inputs;
  if (node.op !== 'Add' || !a || !b) return undefined;
  for (const [sum, bias] of [
    [a, b],
    [b, a],
  ]) {
    const product = products.get(sum);
    if (product && isBias(bias, sum) && sameShape(node.outputs[0].shape, sum.shape))
      return { ...product, bias };
  }
  return undefined;
}

/** One number for each column. */
function isBias({ shape }: Value, { shape: of }: Value): boolean {
  const columns = of[of.length - 1];
  return shape.length > 0 && shape[shape.length - 1] === columns && sizeOf(shape) === columns;
}

/** The one node that uses each value; values that several do, or that are put out, are not in it. */
function usesOf(graph: Graph, nodes: readonly GraphNode[]): ReadonlyMap<Value, GraphNode | undefined> {
  const uses = new Map<Value, GraphNode | undefined>();
  for (const node of nodes) {
    for (const input of node.inputs) if (input) uses.set(input, uses.has(input) ? undefined : node);
  }
  for (const { value } of graph.outputs) uses.set(value, undefined);
  return uses;
}
