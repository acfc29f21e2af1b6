import { sizeOf } from '../../core/arrays.ts';
import { TroupeError } from '../../core/errors.ts';
import type { Attributes, ConstantData, Dtype, Graph, GraphNode, Spec, Value } from './values.ts';

/** Numbers the graphs of one process, so that a value of another builder is told apart. */
let builders = 0;

/**
 * Builds a graph of ONNX operations. A node that is there already, with the same inputs and attributes, is not built
 * again: all operations are pure, so what the forward and the backward pass share is computed once.
 */
export class GraphBuilder {
  readonly #id = builders++;
  readonly #parent: GraphBuilder | undefined;
  readonly #inputs: Value[] = [];
  readonly #known = new Map<string, GraphNode | Value>();
  #next = 0;

  /** @param parent the builder of the graph that this one is the body of: its values may be used in here too */
  constructor(parent?: GraphBuilder) {
    this.#parent = parent;
  }

  input(name: string, { dtype, shape }: Spec): Value {
    const value = this.#value({ dtype, shape }, { kind: 'input', name });
    this.#inputs.push(value);
    return value;
  }

  /** A constant whose elements all have one value. Takes no room, whatever its shape. */
  uniform(number: number, shape: readonly number[] = [], dtype: Dtype = 'float32'): Value {
    const rounded = dtype === 'float32' ? Math.fround(number) : number;
    const sign = Object.is(rounded, -0) ? '-' : '';
    return this.#constant(`${dtype}[${shape}]=${sign}${rounded}`, { dtype, shape }, rounded, undefined);
  }

  /** A constant; it keeps `data`, which must not change. */
  constant(data: ConstantData, shape: readonly number[], dtype: Dtype): Value {
    const first = data[0];
    if (data.length > 0 && data.every(value => Object.is(value, first))) {
      return this.uniform(first, shape, dtype);
    }
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    // Short ones are told apart by their content; long ones that happen to be equal may be stored twice.
    const key = bytes.length <= 4096 ? bytes.toString('latin1') : `#${this.#next}`;
    return this.#constant(`${dtype}[${shape}]:${key}`, { dtype, shape }, undefined, data);
  }

  /** A constant of another builder as one of this. @throws for a value that is none */
  copyOf({ source, shape, dtype }: Value): Value {
    if (source.kind !== 'constant') throw new TroupeError('graph: an input has no value');
    const { uniform, data } = source;
    return data === undefined ? this.uniform(uniform ?? 0, shape, dtype) : this.constant(data, shape, dtype);
  }

  /** A vector of whole numbers as ONNX takes shapes, axes and positions. */
  indices(values: readonly number[]): Value {
    return this.constant(Int32Array.from(values), [values.length], 'int64');
  }

  /** The outputs of a node. @param outputs what each of them looks like */
  nodes(
    op: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    outputs: readonly Spec[],
  ): readonly Value[] {
    // A body is not compared: a loop is there once.
    const hasBody = Object.values(attributes).some(attribute => 'graph' in attribute);
    const shared = hasBody ? undefined : this.#nodeKey(op, inputs, attributes);
    const known = shared === undefined ? undefined : this.#known.get(shared);
    if (known !== undefined && 'op' in known) return known.outputs;
    const node = { op, inputs, attributes, outputs: [] as Value[] };
    outputs.forEach((spec, output) => {
      node.outputs.push(this.#value(spec, { kind: 'node', node, output }));
    });
    if (shared !== undefined) this.#known.set(shared, node);
    return node.outputs;
  }

  /** The output of a node that has one. */
  node(op: string, inputs: readonly (Value | undefined)[], output: Spec, attributes: Attributes = {}): Value {
    return this.nodes(op, inputs, attributes, [output])[0];
  }

  /** The graph that computes these outputs. */
  graph(outputs: Readonly<Record<string, Value>>): Graph {
    return {
      inputs: this.#inputs,
      outputs: Object.entries(outputs).map(([name, value]) => ({ name, value })),
    };
  }

  /** Whether a value is this builder's own, not its parent's. */
  owns(value: Value): boolean {
    return value.owner === this.#id;
  }

  #constant(key: string, spec: Spec, uniform: number | undefined, data: ConstantData | undefined): Value {
    const known = this.#known.get(key);
    if (known !== undefined && 'source' in known) return known;
    if (data !== undefined && data.length !== sizeOf(spec.shape)) {
      throw new TroupeError(`graph: constant: ${data.length} values for shape [${spec.shape.join(', ')}]`);
    }
    const value = this.#value(spec, { kind: 'constant', uniform, data });
    this.#known.set(key, value);
    return value;
  }

  #value({ dtype, shape }: Spec, source: Value['source']): Value {
    return { id: this.#next++, owner: this.#id, dtype, shape, source };
  }

  #nodeKey(op: string, inputs: readonly (Value | undefined)[], attributes: Attributes): string {
    return `${op}(${inputs.map(value => this.#keyOf(value)).join()})${JSON.stringify(attributes)}`;
  }

  #keyOf(value: Value | undefined): string {
    if (value === undefined) return '-';
    if (this.owns(value)) return String(value.id);
    if (this.#parent === undefined) throw new TroupeError('graph: a value of another graph was used');
    return `^${this.#parent.#keyOf(value)}`;
  }
}
