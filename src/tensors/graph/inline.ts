import type { GraphBuilder } from './builder.ts';
import { simplified } from './shapes.ts';
import type { Graph, GraphNode, Value } from './values.ts';

const walked = new WeakMap<Graph, readonly GraphNode[]>();

/**
 * The nodes that a graph's outputs depend on, each after those that it depends on, in the order in which they were built.
 * @param given values that are there already: what they depend on is left out. Default: none
 */
export function nodesOf(graph: Graph, given?: ReadonlySet<Value>): readonly GraphNode[] {
  const known = given === undefined ? walked.get(graph) : undefined;
  if (known) return known;
  const needed = new Set<GraphNode>();
  const open = graph.outputs.map(({ value }) => value);
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value.source.kind !== 'node' || needed.has(value.source.node) || given?.has(value)) continue;
    const { node } = value.source;
    needed.add(node);
    for (const input of node.inputs) if (input) open.push(input);
    for (const attribute of Object.values(node.attributes)) {
      if ('graph' in attribute) open.push(...outerValues(attribute.graph));
    }
  }
  const nodes = [...needed].sort((a, b) => a.outputs[0].id - b.outputs[0].id);
  if (given === undefined) walked.set(graph, nodes);
  return nodes;
}

/** The inputs that a graph's outputs depend on. */
export function usedInputs(graph: Graph): ReadonlySet<Value> {
  const used = new Set<Value>();
  const use = (value: Value | undefined) => {
    if (value?.source.kind === 'input') used.add(value);
  };
  for (const node of nodesOf(graph)) {
    for (const input of node.inputs) use(input);
    for (const attribute of Object.values(node.attributes)) {
      if ('graph' in attribute) for (const value of outerValues(attribute.graph)) use(value);
    }
  }
  for (const { value } of graph.outputs) use(value);
  return used;
}

/** The values of the graph around a body that the body uses. */
function outerValues(body: Graph): readonly Value[] {
  const inner = new Set(body.inputs);
  const outer: Value[] = [];
  for (const node of nodesWithin(body)) for (const output of node.outputs) inner.add(output);
  const use = (value: Value) => {
    if (value.source.kind !== 'constant' && !inner.has(value)) outer.push(value);
  };
  for (const node of nodesWithin(body)) for (const input of node.inputs) if (input) use(input);
  for (const { value } of body.outputs) use(value);
  return outer;
}

const bodies = new WeakMap<Graph, readonly GraphNode[]>();

/** The nodes of a body alone. A loop's body has inputs always: the turn's number is one. */
function nodesWithin(body: Graph): readonly GraphNode[] {
  const known = bodies.get(body);
  if (known) return known;
  const nodes = nodesOf(body).filter(node => node.outputs[0].owner === body.inputs[0].owner);
  bodies.set(body, nodes);
  return nodes;
}

/**
 * Builds a graph again as part of another one.
 * @param inputs a value for each of the graph's inputs
 * @param outer the builder of the graph around `g`, if `g` builds a loop's body: what does not depend on anything
 *   of the body is built there, once for all turns
 * @returns the graph's outputs, by name
 */
export function inline(
  graph: Graph,
  g: GraphBuilder,
  inputs: ReadonlyMap<Value, Value>,
  outer?: GraphBuilder,
): Readonly<Record<string, Value>> {
  const made = new Map<Value, Value>(inputs);
  const take = (value: Value): Value => {
    const known = made.get(value);
    if (known) return known;
    const copy = (outer ?? g).copyOf(value);
    made.set(value, copy);
    return copy;
  };
  for (const node of nodesOf(graph)) {
    const operands = node.inputs.map(input => input && take(input));
    const home = outer && operands.every(value => value === undefined || outer.owns(value)) ? outer : g;
    const copies =
      simplified(home, node, operands) ?? home.nodes(node.op, operands, node.attributes, node.outputs);
    node.outputs.forEach((output, i) => {
      made.set(output, copies[i]);
    });
  }
  return Object.fromEntries(graph.outputs.map(({ name, value }) => [name, take(value)]));
}
