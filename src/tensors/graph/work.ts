import { sizeOf } from '../../core/arrays.ts';
import { nodesOf } from './inline.ts';
import type { Graph, GraphNode } from './values.ts';

/** What one run of a graph takes, counted, not timed. */
export interface Work {
  /** Of products and convolutions; a multiply-add is two floating-point operations. */
  readonly multiplyAdds: number;
  /** Elements that all other operations put out; those that only change a shape put out none. */
  readonly elements: number;
}

/** Of these no element is touched. */
const free = new Set(['Reshape', 'Identity', 'Squeeze', 'Unsqueeze', 'Flatten']);

export function workOfGraph(graph: Graph): Work {
  let [multiplyAdds, elements] = [0, 0];
  for (const node of nodesOf(graph)) {
    const products = multiplyAddsOf(node);
    if (products !== undefined) multiplyAdds += products;
    else if (!free.has(node.op)) for (const { shape } of node.outputs) elements += sizeOf(shape);
  }
  return { multiplyAdds, elements };
}

function multiplyAddsOf({ op, inputs: [a, b], outputs: [out], attributes }: GraphNode): number | undefined {
  if (!a || !b) return undefined;
  const made = sizeOf(out.shape);
  switch (op) {
    case 'MatMul':
      return made * (a.shape.at(-1) ?? 1);
    case 'Gemm': {
      const turned = attributes['transA'];
      return made * a.shape[turned && 'int' in turned && turned.int === 1 ? 0 : 1];
    }
    // Filters are [out, in / groups, height, width], and [in, out / groups, height, width].
    case 'Conv':
      return (made * sizeOf(b.shape)) / b.shape[0];
    case 'ConvTranspose':
      return (sizeOf(a.shape) * sizeOf(b.shape)) / b.shape[0];
    default:
      return undefined;
  }
}
