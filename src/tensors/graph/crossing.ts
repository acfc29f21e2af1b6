import { sizeOf } from '../../core/arrays.ts';
import { nodesOf } from './inline.ts';
import { Network } from './least-cut.ts';
import { bytesPerElement, type Graph, type GraphNode, type Value } from './values.ts';

/** Where a graph is cut: which of its outputs come first, and which inputs only afterwards. */
export interface CutPlan {
  /** Outputs of the first part. */
  readonly early: readonly Value[];
  /** Outputs of the second part. */
  readonly rest: readonly Value[];
  /** Inputs that only the second part has. */
  readonly late: ReadonlySet<Value>;
  /** Inputs that both parts have, and that nobody has to keep. All others have to be kept where the second part needs them. */
  readonly free: ReadonlySet<Value>;
}

/** Each element of these takes many operands: they are not computed twice. */
const costly =
  /^(MatMul|Gemm|Conv|ConvTranspose|Reduce.*|Softmax|LogSoftmax|CumSum|TopK|Arg.*|Scatter.*|MaxPool|AveragePool|Resize|Loop)$/;

export const bytesOfValue = ({ shape, dtype }: Value): number => sizeOf(shape) * bytesPerElement[dtype];

/** What depends on some inputs, those themselves included. */
export function dependingOn(graph: Graph, inputs: ReadonlySet<Value>): ReadonlySet<Value> {
  const found = new Set<Value>(inputs);
  for (const node of nodesOf(graph)) {
    if (node.inputs.some(input => input !== undefined && found.has(input))) {
      for (const output of node.outputs) found.add(output);
    }
  }
  return found;
}

/**
 * The values that the second part of a graph is best handed, so that they take the fewest bytes: a least cut, as PyTorch's
 * compiler chooses what a backward pass keeps. Of cuts of the same size it is one that gives the first part the least to do
 * beside its outputs, and of these the latest. What the second part needs beyond them it computes from them, and from what
 * is free; products, sums and the like that the first part needs are never computed again.
 * @returns node outputs and inputs, in the order in which they came to be
 */
export function leastCrossing(graph: Graph, { early, rest, late, free }: CutPlan): readonly Value[] {
  const nodes = nodesOf(graph);
  const lateValues = dependingOn(graph, late);
  const there = (value: Value | undefined): value is Value =>
    value !== undefined && value.source.kind !== 'constant' && !free.has(value) && !lateValues.has(value);
  const first = new Set<GraphNode>(nodesOf({ inputs: graph.inputs, outputs: named(early) }));

  const values = [...graph.inputs.filter(there), ...nodes.flatMap(({ outputs }) => outputs.filter(there))];
  const numbers = new Map(values.map((value, i) => [value, i]));
  // Each value is an edge from 2 i to 2 i + 1; to cut it is to hand it over.
  const [source, sink] = [2 * values.length, 2 * values.length + 1];
  const network = new Network(2 * values.length + 2);
  const always = Number.POSITIVE_INFINITY;
  // In parts of a byte so small that one for each value is less than a byte: whole numbers, so that no rounding adds paths.
  const parts = values.length + 1;
  values.forEach((value, i) => {
    const node = value.source.kind === 'node' ? value.source.node : undefined;
    const extra = node !== undefined && !first.has(node);
    network.edge(2 * i, 2 * i + 1, Math.max(1, bytesOfValue(value)) * parts + (extra ? 1 : 0));
    if (node === undefined || (first.has(node) && costly.test(node.op))) {
      network.edge(source, 2 * i, always);
      return;
    }
    for (const input of node.inputs) {
      if (there(input)) network.edge(2 * (numbers.get(input) ?? 0) + 1, 2 * i, always);
    }
  });
  const wanted = new Set(rest.filter(there));
  for (const { inputs, outputs } of nodes) {
    if (lateValues.has(outputs[0])) for (const input of inputs) if (there(input)) wanted.add(input);
  }
  for (const value of wanted) network.edge(2 * (numbers.get(value) ?? 0) + 1, sink, always);
  const near = network.leastCut(source, sink);
  return values.filter((_, i) => !near[2 * i] && near[2 * i + 1]);
}

const named = (values: readonly Value[]) => values.map((value, i) => ({ name: `${i}`, value }));
