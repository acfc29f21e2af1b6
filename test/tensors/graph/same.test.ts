import { expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import { nodesOf } from '../../../src/tensors/graph/inline.ts';
import { sameGraph } from '../../../src/tensors/graph/same.ts';
import type { Dtype, Graph, Spec } from '../../../src/tensors/graph/values.ts';
import { onnxModel } from '../../../src/tensors/onnx/model.ts';

const spec = (shape: readonly number[], dtype: Dtype = 'float32'): Spec => ({ dtype, shape });

/** What can differ: a constant of thousands of elements that differs in one, attributes, the body of a loop, names. */
interface Choices {
  readonly last?: number;
  readonly number?: number;
  readonly input?: string;
  readonly op?: string;
  readonly axis?: number;
  readonly alpha?: number;
  readonly mode?: string;
  readonly axes?: number;
  readonly swapped?: boolean;
  readonly inside?: number;
  readonly output?: string;
  readonly more?: boolean;
  readonly unused?: boolean;
  readonly length?: number;
}

function made(choices: Choices = {}): Graph {
  const { last = 1, number = 2, input = 'x', op = 'Add', axis = 0, alpha = 0.5, mode = 'linear' } = choices;
  const { swapped = false, inside = 3, output = 'y', more = false, unused = false, length = 2000 } = choices;
  const g = new GraphBuilder();
  const x = g.input(input, spec([length]));
  const other = g.input('other', spec([length]));
  if (unused) g.node('Neg', [x], spec([length]));
  const long = g.constant(
    Float32Array.from({ length }, (_, i) => (i === length - 1 ? last : i)),
    [length],
    'float32',
  );
  const sum = g.node(op, [x, long], spec([length]));
  const part = g.node('Sub', swapped ? [other, sum] : [sum, other], spec([length]));
  const scaled = g.node('Mul', [part, g.uniform(number)], spec([length]), {
    axis: { int: axis },
    alpha: { float: alpha },
    mode: { string: mode },
    axes: { ints: [0, choices.axes ?? 1] },
  });
  const body = new GraphBuilder(g);
  const turn = body.input('turn', spec([], 'int64'));
  const goOn = body.input('go_on', spec([], 'bool'));
  const carried = body.input('carried', spec([length]));
  const next = body.node(
    'Add',
    [body.node('Mul', [carried, sum], spec([length])), body.uniform(inside)],
    spec([length]),
  );
  const loop = g.node('Loop', [g.uniform(4, [], 'int64'), undefined, scaled], spec([length]), {
    body: { graph: body.graph({ go: goOn, next, turn }) },
  });
  return g.graph({ [output]: loop, ...(more && { more: scaled }) });
}

it('two runs of the same steps are the same graph, whatever else was built', () => {
  expect(sameGraph(made(), made())).toBe(true);
  expect(nodesOf(made()).map(({ op }) => op)).toEqual(['Add', 'Sub', 'Mul', 'Loop']);
  expect(sameGraph(made(), made({ unused: true }))).toBe(true);
  const odd = { last: Number.NaN, number: Number.NaN };
  expect(sameGraph(made(odd), made(odd))).toBe(true);
});

it.each<Choices>([
  { last: 2 },
  { last: Number.NaN },
  { number: 3 },
  { number: Number.NaN },
  { input: 'z' },
  { op: 'Max' },
  { axis: 1 },
  { alpha: 0.25 },
  { mode: 'cubic' },
  { axes: 2 },
  { swapped: true },
  { inside: 4 },
  { output: 'other' },
  { more: true },
  { length: 1999 },
])('%j makes another one, and another model', choices => {
  expect(sameGraph(made(), made(choices))).toBe(false);
  expect(sameGraph(made(choices), made())).toBe(false);
  expect(Buffer.compare(onnxModel(made()), onnxModel(made(choices)))).not.toBe(0);
});

it('zero is not minus zero', () => {
  expect(sameGraph(made({ last: 0 }), made({ last: -0 }))).toBe(false);
  expect(sameGraph(made({ number: 0 }), made({ number: -0 }))).toBe(false);
  expect(sameGraph(made({ alpha: 0 }), made({ alpha: -0 }))).toBe(false);
});
