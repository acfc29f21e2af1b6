import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { add, binary, mul } from '../../../src/tensors/graph/elementwise.ts';
import { concat, split } from '../../../src/tensors/graph/shapes.ts';
import type { Graph, Value } from '../../../src/tensors/graph/values.ts';

/**
 * A loop of three turns: each makes `total` 2 · total + x · 10 in a roundabout way, with a constant of its own, a
 * constant that the graph around it has too, and a value from outside.
 */
export function loopGraph(): Graph {
  const g = new GraphBuilder();
  const x = g.input('x', { dtype: 'float32', shape: [2] });
  const weights = Float32Array.of(10, 10.5);
  const scaled = mul(g, x, g.constant(weights, [2], 'float32'));
  const body = new GraphBuilder(g);
  body.input('turn', { dtype: 'int64', shape: [] });
  const going = body.input('going', { dtype: 'bool', shape: [] });
  const total = body.input('total', { dtype: 'float32', shape: [2] });
  const [first, second] = split(body, add(body, add(body, total, total), scaled), [1, 1], 0);
  const swapped: Value = concat(body, [second, first], 0);
  const either = binary(body, 'Or', going, body.uniform(0, [], 'bool'));
  const next = add(body, swapped, body.constant(weights, [2], 'float32'));
  const graph = body.graph({ still: either, next });
  const after = g.nodes(
    'Loop',
    [g.uniform(3, [], 'int64'), g.uniform(1, [], 'bool'), g.uniform(0, [2])],
    { body: { graph } },
    [{ dtype: 'float32', shape: [2] }],
  );
  return g.graph({ after: after[0], scaled });
}

/** The same in numbers. */
export function loopInNumbers([a, b]: readonly number[]): number[] {
  const scaled = [a * 10, b * 10.5];
  let total = [0, 0];
  for (let turn = 0; turn < 3; turn++) {
    total = [2 * total[1] + scaled[1] + 10, 2 * total[0] + scaled[0] + 10.5];
  }
  return total;
}
