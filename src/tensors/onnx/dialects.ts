import { TroupeError } from '../../core/errors.ts';
import type { Dialect } from '../executors/contract.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { add, binary, cast, sub, unary } from '../graph/elementwise.ts';
import { nodesOf } from '../graph/inline.ts';
import { matMul } from '../graph/linear.ts';
import { pad } from '../graph/padding.ts';
import { reduce } from '../graph/reduce.ts';
import { reshape, slice, transpose } from '../graph/shapes.ts';
import type { Attributes, Graph, GraphNode, Value } from '../graph/values.ts';
import { atOffset } from '../graph/windows.ts';
import { cpuForms } from './cpu-forms.ts';

/** Tensors that a shader may read; WebGPU promises eight storage buffers, and one is written. */
const MOST_READ = 7;

/** How a node is written otherwise: its outputs, or `undefined` to leave it as it is. */
export type Rewrite = (
  g: GraphBuilder,
  inputs: readonly Value[],
  node: GraphNode,
) => readonly Value[] | undefined;

/** Nodes that executors of a dialect cannot run, not on their device, or faster in another form. */
const rewrites: Readonly<Record<Dialect, Readonly<Record<string, Rewrite>>>> = {
  cpu: cpuForms,
  webgpu: {
    Or: (g, [a, b]) => {
      const either = binary(g, 'Max', cast(g, a, 'float32'), cast(g, b, 'float32'));
      return [cast(g, either, 'bool')];
    },
    Sum: (g, terms) => [terms.reduce((sum, term) => add(g, sum, term))],
    Split: (g, [x], { outputs, attributes }) => {
      const axis = axisOf(attributes);
      let start = 0;
      return outputs.map(({ shape }) => {
        const from = start;
        start += shape[axis];
        const starts = shape.map((_, i) => (i === axis ? from : 0));
        const ends = shape.map((length, i) => starts[i] + length);
        return slice(g, x, { starts, ends, steps: shape.map(() => 1) }, shape);
      });
    },
    // It would be computed on the processor, and what it takes and gives fetched from the GPU and sent back.
    LogSoftmax: (g, [x], { attributes }) => {
      const axes = [axisOf(attributes)];
      const less = sub(g, x, reduce(g, 'ReduceMax', x, axes, true));
      const total = unary(g, 'Log', reduce(g, 'ReduceSum', unary(g, 'Exp', less), axes, true));
      // `sub` would make a LogSoftmax of it.
      return [g.node('Sub', [less, total], x)];
    },
    // With groups it is wrong there (onnxruntime 1.30): each group gives what is of the first.
    ConvTranspose: (g, [x, weights], { attributes, outputs }) =>
      attributes['group'] && [spreadByConv(g, x, weights, attributes, outputs[0].shape)],
    // Filters of one element along the width are wrong there (onnxruntime 1.30).
    Conv: (g, [x, weights, bias], { attributes, outputs }) =>
      x.shape[0] === 1 && weights.shape[3] === 1 && !attributes['group'] && leavesWidth(attributes)
        ? [columnConv(g, x, weights, bias, attributes, outputs[0].shape)]
        : undefined,
    Concat: (g, parts, { attributes }) => {
      if (parts.length <= MOST_READ) return undefined;
      return [joined(g, parts, axisOf(attributes))];
    },
  },
};

/** The same graph in nodes that executors of a dialect can run; bodies of loops as well. */
export function legalize(graph: Graph, dialect: Dialect): Graph {
  const rules = rewrites[dialect];
  return concerned(graph, rules) ? rebuilt(graph, new GraphBuilder(), new Map(), rules) : graph;
}

/** Whether a graph, or a body in it, has nodes that the rules are about. */
const concerned = (graph: Graph, rules: Readonly<Record<string, Rewrite>>): boolean =>
  nodesOf(graph).some(
    ({ op, attributes }) =>
      op in rules ||
      Object.values(attributes).some(attribute => 'graph' in attribute && concerned(attribute.graph, rules)),
  );

/** @param made what values of the graph have become; those of the graph around it are there already */
function rebuilt(
  graph: Graph,
  g: GraphBuilder,
  made: Map<Value, Value>,
  rules: Readonly<Record<string, Rewrite>>,
): Graph {
  for (const input of graph.inputs) {
    if (input.source.kind !== 'input') throw new TroupeError('graph: an input that is none');
    made.set(input, g.input(input.source.name, input));
  }
  const take = (value: Value): Value => {
    const known = made.get(value);
    if (known) return known;
    return g.copyOf(value);
  };
  for (const node of nodesOf(graph)) {
    if (made.has(node.outputs[0])) continue;
    const inputs = node.inputs.map(input => input && take(input));
    const attributes: Attributes = Object.fromEntries(
      Object.entries(node.attributes).map(([name, attribute]) => [
        name,
        'graph' in attribute
          ? { graph: rebuilt(attribute.graph, new GraphBuilder(g), new Map(made), rules) }
          : attribute,
      ]),
    );
    const outputs =
      rules[node.op]?.(g, inputs as readonly Value[], node) ??
      g.nodes(node.op, inputs, attributes, node.outputs);
    node.outputs.forEach((output, i) => {
      made.set(output, outputs[i]);
    });
  }
  return g.graph(Object.fromEntries(graph.outputs.map(({ name, value }) => [name, take(value)])));
}

/** Parts one after another, a few at a time. */
function joined(g: GraphBuilder, parts: readonly Value[], axis: number): Value {
  if (parts.length === 1) return parts[0];
  const groups = Array.from({ length: Math.ceil(parts.length / MOST_READ) }, (_, i) =>
    parts.slice(i * MOST_READ, (i + 1) * MOST_READ),
  );
  const wholes = groups.map(group => {
    if (group.length === 1) return group[0];
    const length = group.reduce((sum, { shape }) => sum + shape[axis], 0);
    const spec = { dtype: group[0].dtype, shape: group[0].shape.with(axis, length) };
    return g.node('Concat', group, spec, { axis: { int: axis } });
  });
  return joined(g, wholes, axis);
}

/**
 * ConvTranspose with groups as a Conv: each element goes to where its window begins, zeros between them, and the filters
 * are turned round.
 * @param weights [channels, out / groups, height, width]
 */
function spreadByConv(
  g: GraphBuilder,
  x: Value,
  weights: Value,
  attributes: Attributes,
  shape: readonly number[],
): Value {
  const ints = (name: string) => intsOf(attributes, name);
  const [strides, dilations, before] = [ints('strides'), ints('dilations'), ints('pads')];
  const groups = shape[1] / weights.shape[1];
  const [batch, channels, ...lengths] = x.shape;
  const [height, width] = lengths;
  const apart = pad(g, reshape(g, x, [batch, channels, height, 1, width, 1]), [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, strides[0] - 1],
    [0, 0],
    [0, strides[1] - 1],
  ]);
  const stuffed = reshape(g, apart, [batch, channels, height * strides[0], width * strides[1]]);
  const size = weights.shape.slice(2);
  // What a window reaches over, less one: so many more elements are needed than come out.
  const reach = size.map((length, axis) => (length - 1) * dilations[axis]);
  const around = lengths.map((length, axis): [number, number] => {
    const first = reach[axis] - before[axis];
    return [first, shape[axis + 2] + reach[axis] - first - length * strides[axis]];
  });
  const padded = pad(g, stuffed, [[0, 0], [0, 0], ...around]);

  const [perGroup, made] = [channels / groups, weights.shape[1]];
  const turned = slice(
    g,
    weights,
    {
      starts: [0, 0, ...size.map(length => length - 1)],
      ends: [channels, made, -(2 ** 31), -(2 ** 31)],
      steps: [1, 1, -1, -1],
    },
    weights.shape,
  );
  const byGroup = transpose(g, reshape(g, turned, [groups, perGroup, made, ...size]), [0, 2, 1, 3, 4]);
  return g.node(
    'Conv',
    [padded, reshape(g, byGroup, [groups * made, perGroup, ...size])],
    { dtype: x.dtype, shape },
    { kernel_shape: { ints: size }, dilations: { ints: dilations }, group: { int: groups } },
  );
}

/** A convolution along the height of one image as a product of matrices. @param weights [out, in, size, 1] */
/** Whether a convolution by filters of one element along the width leaves the width as it is. */
const leavesWidth = (attributes: Attributes): boolean => {
  const [, left, , right] = intsOf(attributes, 'pads');
  return left === 0 && right === 0 && intsOf(attributes, 'strides')[1] === 1;
};

function columnConv(
  g: GraphBuilder,
  x: Value,
  weights: Value,
  bias: Value | undefined,
  attributes: Attributes,
  shape: readonly number[],
): Value {
  const [top, , bottom] = intsOf(attributes, 'pads');
  const [stride, dilation] = [intsOf(attributes, 'strides')[0], intsOf(attributes, 'dilations')[0]];
  const [out, channels, size] = weights.shape;
  const places = shape[2];
  const padded = pad(g, x, [
    [0, 0],
    [0, 0],
    [top, bottom],
    [0, 0],
  ]);
  const axis = { length: padded.shape[2], places, size, stride, dilation, before: 0 };
  const rows = Array.from({ length: size }, (_, offset) => atOffset(g, padded, 2, axis, offset));
  const columns = reshape(g, joined(g, rows, 1), [size * channels, places * shape[3]]);
  const matrix = reshape(g, transpose(g, weights, [0, 2, 1, 3]), [out, size * channels]);
  const sums = matMul(g, matrix, columns);
  return reshape(g, bias ? add(g, sums, reshape(g, bias, [out, 1])) : sums, shape);
}

function intsOf(attributes: Attributes, name: string): readonly number[] {
  const attribute = attributes[name];
  if (!('ints' in attribute)) throw new TroupeError(`graph: a node without ${name}`);
  return attribute.ints;
}

function axisOf({ axis }: Attributes): number {
  if (!('int' in axis)) throw new TroupeError('graph: a node without an axis');
  return axis.int;
}
