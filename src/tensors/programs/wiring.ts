import { sizeOf } from '../../core/arrays.ts';
import { GraphBuilder } from '../graph/builder.ts';
import { inline, usedInputs } from '../graph/inline.ts';
import { gather, reshape } from '../graph/shapes.ts';
import type { Graph, Value } from '../graph/values.ts';
import type { TracedStep } from '../trace/trace.ts';
import type { Crossing } from './halves.ts';
import { packed, type Segment, unpacked } from './segments.ts';

/** A graph that an executor runs, and what its inputs and outputs are. */
export interface Wired {
  readonly graph: Graph;
  /** Segments of the state that come in, as `S0`, `S1`, … by their number. */
  readonly reads: readonly number[];
  /** Segments that the step changes: they go out as `T0`, `T1`, …. */
  readonly writes: readonly number[];
  readonly inputs: Ports;
  readonly outputs: Ports;
  /** Of half a step: what comes from the other half, or goes there, as `K0`, `K1`, …. */
  readonly crossing?: readonly string[];
}

/** Which leaves go through one packed tensor, `P` in or out, and which on their own, as `i0`, … or `o0`, …. */
export interface Ports {
  readonly packed: readonly number[];
  readonly alone: readonly number[];
}

/** Leaves that are larger than this many elements are not copied into the packed tensor. */
export const SMALL = 16_384;
/** From so many on, packing pays: each tensor costs the executor about 4 µs, and each one unpacked a node. */
const FEW = 3;

function portsOf(leaves: readonly Value[], used: (leaf: Value) => boolean, few: number): Ports {
  const numbers = leaves.map((_, i) => i).filter(i => used(leaves[i]));
  const small = numbers.filter(i => leaves[i].dtype === 'float32' && sizeOf(leaves[i].shape) <= SMALL);
  const together = small.length >= few ? small : [];
  return { packed: together, alone: numbers.filter(i => !together.includes(i)) };
}

/** One run of the step. @param crossing where it is half a step: what it takes from the other half, or gives it */
export function wireStep(traced: TracedStep, segments: readonly Segment[], crossing?: Crossing): Wired {
  const g = new GraphBuilder();
  const given = new Map<Value, Value>();
  const used = usedInputs(traced.graph);
  const { reads, writes } = segmentsUsed(traced, segments, used);
  for (const [segment, tensor] of stateInputs(g, segments, reads)) {
    bindSegment(g, traced.state, segments[segment], tensor, given, used);
  }
  const inputs = portsOf(traced.inputs, leaf => used.has(leaf), FEW);
  bindInputs(g, traced, inputs, given);
  const isGiven = crossing?.leaves.every(({ source }) => source.kind === 'input');
  if (isGiven) {
    crossing?.segments.forEach((segment, i) => {
      bindSegment(g, crossing.leaves, segment, g.input(`K${i}`, inLine(segment)), given, used);
    });
  }
  const results = inline(traced.graph, g, given);
  const outputs = portsOf(traced.outputs.values, () => true, 2);
  return {
    graph: withOutputs(g, {
      ...newState(g, traced, segments, writes, given, results),
      ...stepOutputs(g, outputs, results),
      ...(isGiven ? {} : handedOver(g, crossing?.segments ?? [], results)),
    }),
    reads,
    writes,
    inputs,
    outputs,
    ...(crossing && { crossing: crossing.segments.map((_, i) => `K${i}`) }),
  };
}

const inLine = ({ dtype, dims }: Segment) => ({ dtype, shape: dims });

/** What half a step gives the other one. */
function handedOver(g: GraphBuilder, segments: readonly Segment[], results: Results): Results {
  const outputs: Record<string, Value> = {};
  segments.forEach(({ from, to }, i) => {
    const leaves = Array.from({ length: to - from }, (_, k) => results[`k${from + k}`]);
    outputs[`K${i}`] = packed(g, leaves);
  });
  return outputs;
}

/**
 * Any number of runs of the step, one for each row of the input `indices` [K, B], as one ONNX Loop. The leaves of `rows`
 * come in whole, with any number of rows, and the turn's rows are gathered in the graph. What does not depend on the
 * state or the rows is computed once, before the loop.
 * @param rows which of the step's inputs are rows
 * @param batch how many of them a step sees
 */
export function wireScan(
  traced: TracedStep,
  segments: readonly Segment[],
  rows: ReadonlySet<number>,
  batch: number,
): Wired {
  const g = new GraphBuilder();
  const body = new GraphBuilder(g);
  const given = new Map<Value, Value>();
  const used = usedInputs(traced.graph);
  const { reads, writes } = segmentsUsed(traced, segments, used);

  const turn = body.input('turn', { dtype: 'int64', shape: [] });
  const goOn = body.input('go_on', { dtype: 'bool', shape: [] });
  const stateIn = stateInputs(g, segments, reads);
  const carried = new Map<number, Value>();
  for (const segment of writes) {
    const { dtype, dims } = segments[segment];
    carried.set(segment, body.input(`C${segment}`, { dtype, shape: dims }));
  }
  for (const [segment, tensor] of stateIn) {
    const inside = carried.get(segment);
    bindSegment(inside ? body : g, traced.state, segments[segment], inside ?? tensor, given, used);
  }

  const indices = g.input('indices', { dtype: 'int32', shape: [-1, batch] });
  const chosen = body.node(
    'Gather',
    [indices, turn],
    { dtype: 'int32', shape: [batch] },
    { axis: { int: 0 } },
  );
  const whole = portsOf(traced.inputs, leaf => used.has(leaf) && !rows.has(traced.inputs.indexOf(leaf)), FEW);
  bindInputs(g, traced, whole, given);
  const columns = [...rows].filter(i => used.has(traced.inputs[i])).sort((a, b) => a - b);
  for (const i of columns) {
    const leaf = traced.inputs[i];
    const column = g.input(`i${i}`, { dtype: leaf.dtype, shape: [-1, ...leaf.shape.slice(1)] });
    given.set(leaf, gather(body, column, chosen, 0));
  }

  const results = inline(traced.graph, body, given, g);
  const outputs = portsOf(traced.outputs.values, () => true, 2);
  const state = newState(body, traced, segments, writes, given, results);
  const scanned = stepOutputs(body, outputs, results);
  const bodyGraph = body.graph({ go: goOn, ...state, ...scanned });

  const turns = g.node('Shape', [indices], { dtype: 'int64', shape: [2] });
  const count = g.node(
    'Gather',
    [turns, g.uniform(0, [], 'int64')],
    { dtype: 'int64', shape: [] },
    { axis: { int: 0 } },
  );
  const initial = writes.map(segment => stateIn.get(segment)!);
  const names = [...Object.keys(state), ...Object.keys(scanned)];
  const loop = g.nodes('Loop', [count, undefined, ...initial], { body: { graph: bodyGraph } }, [
    ...initial,
    ...Object.values(scanned).map(({ dtype, shape }) => ({ dtype, shape: [-1, ...shape] })),
  ]);
  return {
    graph: withOutputs(g, Object.fromEntries(names.map((name, i) => [name, loop[i]]))),
    reads,
    writes,
    inputs: { packed: whole.packed, alone: [...whole.alone, ...columns] },
    outputs,
  };
}

/** Which segments the step needs, and which it changes. One that it changes in part, or that a loop carries, it needs. */
function segmentsUsed(traced: TracedStep, segments: readonly Segment[], used: ReadonlySet<Value>) {
  const leavesOf = ({ from, to }: Segment) => traced.state.slice(from, to);
  const numbers = segments.map((_, i) => i);
  const writes = numbers.filter(i =>
    leavesOf(segments[i]).some((leaf, k) => traced.after[segments[i].from + k] !== leaf),
  );
  const reads = numbers.filter(i => writes.includes(i) || leavesOf(segments[i]).some(leaf => used.has(leaf)));
  return { reads, writes };
}

function stateInputs(g: GraphBuilder, segments: readonly Segment[], reads: readonly number[]) {
  const inputs = reads.map(segment => {
    const { dtype, dims } = segments[segment];
    return [segment, g.input(`S${segment}`, { dtype, shape: dims })] as const;
  });
  return new Map(inputs);
}

function bindSegment(
  g: GraphBuilder,
  all: readonly Value[],
  { from, to }: Segment,
  tensor: Value,
  given: Map<Value, Value>,
  used: ReadonlySet<Value>,
): void {
  const leaves = all.slice(from, to);
  const shapes = leaves.map(({ shape }) => shape);
  const parts = unpacked(g, tensor, shapes, i => used.has(leaves[i]));
  leaves.forEach((leaf, i) => {
    given.set(leaf, parts[i]);
  });
}

function bindInputs(g: GraphBuilder, traced: TracedStep, ports: Ports, given: Map<Value, Value>): void {
  const together = ports.packed.map(i => traced.inputs[i]);
  if (together.length > 0) {
    const shapes = together.map(({ shape }) => shape);
    const size = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
    const parts = unpacked(g, g.input('P', { dtype: 'float32', shape: [size] }), shapes);
    together.forEach((leaf, i) => {
      given.set(leaf, reshape(g, parts[i], leaf.shape));
    });
  }
  for (const i of ports.alone) {
    const { dtype, shape } = traced.inputs[i];
    given.set(traced.inputs[i], g.input(`i${i}`, { dtype, shape }));
  }
}

type Results = Readonly<Record<string, Value>>;

/** Executors refuse a graph that puts nothing out, which a step may well be. */
const withOutputs = (g: GraphBuilder, outputs: Results): Graph =>
  g.graph(Object.keys(outputs).length > 0 ? outputs : { nothing: g.uniform(0, [], 'float32') });

function newState(
  g: GraphBuilder,
  traced: TracedStep,
  segments: readonly Segment[],
  writes: readonly number[],
  given: ReadonlyMap<Value, Value>,
  results: Results,
): Results {
  const outputs: Record<string, Value> = {};
  for (const segment of writes) {
    const { from, to } = segments[segment];
    const leaves = traced.state.slice(from, to).map((leaf, k) => results[`S${from + k}`] ?? given.get(leaf)!);
    outputs[`T${segment}`] = packed(g, leaves);
  }
  return outputs;
}

function stepOutputs(g: GraphBuilder, ports: Ports, results: Results): Results {
  const outputs: Record<string, Value> = {};
  if (ports.packed.length > 0)
    outputs['P_out'] = packed(
      g,
      ports.packed.map(i => results[`o${i}`]),
    );
  for (const i of ports.alone) outputs[`o${i}`] = results[`o${i}`];
  return outputs;
}
