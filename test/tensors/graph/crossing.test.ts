import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { bytesOfValue, dependingOn, leastCrossing } from '../../../src/tensors/graph/crossing.ts';
import { nodesOf } from '../../../src/tensors/graph/inline.ts';
import type { Value } from '../../../src/tensors/graph/values.ts';
import { workOfGraph } from '../../../src/tensors/graph/work.ts';

/** A node of operands by their numbers; costly ones are not computed twice. */
const nodes = fc.array(
  fc.record({
    costly: fc.boolean(),
    operands: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
    width: fc.integer({ min: 1, max: 9 }),
  }),
  { minLength: 1, maxLength: 7 },
);
const picks = fc.record({ early: fc.nat(), rest: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }) });

it('takes the fewest bytes of all the ways there are', () => {
  let kept = 0;
  fc.assert(
    fc.property(nodes, picks, (made, { early, rest }) => {
      const g = new GraphBuilder();
      const [free, given, late] = ['free', 'given', 'late'].map(name =>
        g.input(name, { dtype: 'float32', shape: [4] }),
      );
      const values: Value[] = [free, given, late];
      for (const [i, { costly, operands, width }] of made.entries()) {
        const inputs = operands.map(n => values[n % values.length]);
        // Each is a node of its own.
        const spec = { dtype: 'float32', shape: [width] } as const;
        values.push(g.node(costly ? 'MatMul' : 'Relu', inputs, spec, { number: { int: i } }));
      }
      const named = (some: readonly Value[]) => some.map((value, i) => ({ name: `o${i}`, value }));
      const all = { inputs: [free, given, late], outputs: named(values) };
      const lateValues = dependingOn(all, new Set([late]));
      const possible = values.filter(value => !lateValues.has(value));
      const plan = {
        early: [possible[early % possible.length]],
        rest: rest.map(n => values[n % values.length]),
        late: new Set([late]),
        free: new Set([free]),
      };
      const graph = { ...all, outputs: named([...plan.early, ...plan.rest]) };
      const crossing = leastCrossing(graph, plan);

      const first = new Set(nodesOf({ ...all, outputs: named(plan.early) }));
      /** Whether the second part can have all that it is for. */
      const enough = (handed: ReadonlySet<Value>): boolean => {
        const has = new Set<Value>([free, late, ...handed]);
        for (const node of nodesOf(graph)) {
          const again = first.has(node) && node.op === 'MatMul';
          if (!again && node.inputs.every(input => input && has.has(input))) has.add(node.outputs[0]);
        }
        return plan.rest.every(value => has.has(value));
      };
      const bytes = (some: readonly Value[]) => some.reduce((sum, value) => sum + bytesOfValue(value), 0);
      const choices = possible.filter(value => value !== free);
      let least = Number.POSITIVE_INFINITY;
      for (let bits = 0; bits < 2 ** choices.length; bits++) {
        const some = choices.filter((_, i) => (bits >> i) & 1);
        if (bytes(some) < least && enough(new Set(some))) least = bytes(some);
      }
      expect(enough(new Set(crossing))).toBe(true);
      expect(bytes(crossing)).toBe(least);
      kept += crossing.length;
    }),
  );
  expect(kept).toBeGreaterThan(0);
});

it('counts multiply-adds', () => {
  const g = new GraphBuilder();
  const input = (name: string, shape: readonly number[]) => g.input(name, { dtype: 'float32', shape });
  const float = (shape: readonly number[]) => ({ dtype: 'float32', shape }) as const;
  const [a, b] = [input('a', [2, 3]), input('b', [3, 5])];
  const product = g.node('MatMul', [a, b], float([2, 5]));
  const turned = g.node('Gemm', [a, product], float([3, 5]), { transA: { int: 1 } });
  const conv = g.node('Conv', [input('x', [1, 4, 8, 8]), input('f', [6, 2, 3, 3])], float([1, 6, 6, 6]), {
    group: { int: 2 },
  });
  const back = g.node('ConvTranspose', [conv, input('h', [6, 2, 3, 3])], float([1, 4, 8, 8]), {
    group: { int: 2 },
  });
  const sum = g.node('Relu', [turned], float([3, 5]));
  const reshaped = g.node('Reshape', [sum, g.indices([15])], float([15]));
  expect(workOfGraph(g.graph({ reshaped, back }))).toEqual({
    multiplyAdds: 2 * 5 * 3 + 3 * 5 * 2 + 6 * 6 * 6 * (2 * 9) + 6 * 6 * 6 * (2 * 9),
    elements: 15,
  });
});
