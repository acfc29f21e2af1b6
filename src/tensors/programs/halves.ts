import { sizeOf } from '../../core/arrays.ts';
import type { DeviceDtype } from '../executors/contract.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { bytesOfValue, leastCrossing } from '../graph/crossing.ts';
import { nodesOf } from '../graph/inline.ts';
import type { Graph, Value } from '../graph/values.ts';
import type { TracedStep } from '../trace/trace.ts';
import { leavesOf } from '../trees.ts';
import type { Segment } from './segments.ts';
import { SMALL } from './wiring.ts';

/** The values that go from one half of a step to the other, and how they are put together. */
export interface Crossing {
  readonly leaves: readonly Value[];
  readonly segments: readonly Segment[];
}

/** A step in two halves; both have the whole step's state and inputs, as far as they use them. */
export interface Halves {
  /** Leaves the state as it is. `crossing.leaves` are outputs of its graph `k0`, `k1`, …, beside those of its own. */
  readonly first: { readonly traced: TracedStep; readonly crossing: Crossing };
  /** `crossing.leaves` are inputs. */
  readonly second: { readonly traced: TracedStep; readonly crossing: Crossing };
  /** Of what crosses. */
  readonly bytes: number;
}

/**
 * Cuts a step in two.
 * @param early outputs of the first half; they do not depend on late inputs
 * @param late which inputs only the second half has
 */
export function halvesOf(joint: TracedStep, early: ReadonlySet<string>, late: ReadonlySet<Value>): Halves {
  const { graph, state, inputs, after } = joint;
  const [soon, rest] = [
    outputsOf(joint, name => early.has(name)),
    outputsOf(joint, name => !early.has(name)),
  ];
  const crossing = leastCrossing(graph, {
    early: soon.values,
    rest: [...rest.values, ...after],
    late,
    free: new Set(state),
  });
  // Small ones come first, so that they can be put together.
  const handed = crossing.filter(({ source }) => source.kind === 'node');
  const kept = [...handed.filter(isSmall), ...handed.filter(value => !isSmall(value))];
  const segments = crossingSegments(kept);
  const first: Graph = {
    inputs: graph.inputs,
    outputs: [...soon.values.map(output('o')), ...kept.map(output('k'))],
  };
  return {
    first: {
      traced: { graph: first, state, inputs, after: state, outputs: soon },
      crossing: { leaves: kept, segments },
    },
    second: secondHalf(joint, rest, kept, segments),
    bytes: kept.reduce((sum, value) => sum + bytesOfValue(value), 0),
  };
}

function secondHalf(
  joint: TracedStep,
  rest: TracedStep['outputs'],
  kept: readonly Value[],
  segments: readonly Segment[],
): Halves['second'] {
  const g = new GraphBuilder();
  const made = new Map<Value, Value>();
  const inputs = (values: readonly Value[], name: string) =>
    values.map((value, i) => {
      const input = g.input(`${name}${i}`, value);
      made.set(value, input);
      return input;
    });
  const [state, given, leaves] = [inputs(joint.state, 's'), inputs(joint.inputs, 'i'), inputs(kept, 'k')];
  const take = (value: Value): Value => made.get(value) ?? g.copyOf(value);
  const targets = [...joint.after, ...rest.values];
  for (const node of nodesOf({ inputs: [], outputs: targets.map(output('')) }, new Set(made.keys()))) {
    const operands = node.inputs.map(input => input && take(input));
    const copies = g.nodes(node.op, operands, node.attributes, node.outputs);
    node.outputs.forEach((value, i) => {
      if (!made.has(value)) made.set(value, copies[i]);
    });
  }
  const [after, values] = [joint.after.map(take), rest.values.map(take)];
  const changed = after.flatMap((value, i) => (value === state[i] ? [] : [{ name: `S${i}`, value }]));
  const graph = {
    inputs: [...state, ...given, ...leaves],
    outputs: [...changed, ...values.map(output('o'))],
  };
  return {
    traced: { graph, state, inputs: given, after, outputs: { form: rest.form, values } },
    crossing: { leaves, segments },
  };
}

const output = (prefix: string) => (value: Value, i: number) => ({ name: `${prefix}${i}`, value });

/** Some of a step's outputs. */
function outputsOf({ outputs }: TracedStep, wanted: (name: string) => boolean): TracedStep['outputs'] {
  const values: Value[] = [];
  const form: Record<string, (typeof outputs.form)[string]> = {};
  for (const [name, from, to] of outputRanges(outputs)) {
    if (!wanted(name)) continue;
    values.push(...outputs.values.slice(from, to));
    form[name] = outputs.form[name];
  }
  return { form, values };
}

/** Which leaves each output is: from, and up to but not including. */
export function outputRanges({
  form,
}: TracedStep['outputs']): readonly [name: string, from: number, to: number][] {
  let at = 0;
  return Object.entries(form).map(([name, tree]) => {
    const from = at;
    at += leavesOf(tree).length;
    return [name, from, at];
  });
}

const isSmall = ({ dtype, shape }: Value): boolean => dtype === 'float32' && sizeOf(shape) <= SMALL;

/** All small ones as one, the others each alone. */
function crossingSegments(kept: readonly Value[]): readonly Segment[] {
  const small = kept.filter(isSmall).length;
  const groups = small > 1 ? [small] : kept.slice(0, small).map(() => 1);
  for (let i = small; i < kept.length; i++) groups.push(1);
  let from = 0;
  return groups.map(count => {
    const values = kept.slice(from, from + count);
    const size = values.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const [{ dtype, shape }] = values;
    const segment = {
      from,
      to: from + count,
      dtype: dtype as DeviceDtype,
      dims: count > 1 ? [size] : shape,
      size,
    };
    from += count;
    return segment;
  });
}
