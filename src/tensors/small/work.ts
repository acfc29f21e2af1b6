import { sizeOf } from '../../core/arrays.ts';
import { nodesOf } from '../graph/inline.ts';
import type { Graph, GraphNode, Value } from '../graph/values.ts';
import { elementKernels } from './target.ts';

/** What operations cost here, in multiply-adds of the kernel `dense`. */
const costs = {
  /** An element of another kernel. */
  kernel: 20,
  /** An element of a loop in JavaScript. */
  loop: 40,
  /** A multiply-add of a loop in JavaScript. */
  product: 20,
  /** What each node takes besides. */
  node: 300,
};

/** Of these no element is touched. */
const free = new Set(['Reshape', 'Identity', 'Squeeze', 'Unsqueeze', 'Flatten', 'Split']);

/**
 * An estimate of what one run of a graph with `Dense` nodes takes, in multiply-adds.
 * @param isHeld whether an input seldom changes: what depends on such inputs alone is not computed in a run
 */
export function workOf(graph: Graph, isHeld: (input: Value) => boolean): number {
  const varying = new Set<Value>(graph.inputs.filter(input => !isHeld(input)));
  let work = 0;
  for (const node of nodesOf(graph)) {
    if (!node.inputs.some(input => input && varying.has(input))) continue;
    for (const output of node.outputs) varying.add(output);
    work += nodeWork(node);
  }
  return work;
}

function nodeWork({ op, inputs, outputs }: GraphNode): number {
  if (free.has(op)) return 0;
  const elements = sizeOf(outputs[0].shape);
  const inner = () => (inputs[0] as Value).shape.at(-1) ?? 1;
  if (op === 'Dense') return costs.node + elements * inner();
  if (op === 'MatMul' || op === 'Gemm') return costs.node + costs.product * elements * inner();
  if (elementKernels.has(op)) return costs.node + costs.kernel * elements;
  const most = Math.max(elements, ...inputs.map(input => (input ? sizeOf(input.shape) : 0)));
  return costs.node + costs.loop * most;
}
