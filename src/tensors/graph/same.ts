import { nodesOf } from './inline.ts';
import { type Attribute, type Graph, type GraphNode, sameShape, type Value } from './values.ts';

/** Whether two graphs compute the same, node by node in the order in which they were built, from constants of the same bits. */
export function sameGraph(a: Graph, b: Graph): boolean {
  return new Twins().graphs(a, b);
}

/** What in one graph stands for what in the other, as far as they were compared. */
class Twins {
  readonly #twin = new Map<Value, Value>();
  readonly #known = new Set<Value>();

  graphs(a: Graph, b: Graph): boolean {
    if (a.inputs.length !== b.inputs.length || a.outputs.length !== b.outputs.length) return false;
    if (!a.inputs.every((input, i) => this.#inputs(input, b.inputs[i]))) return false;
    // A body's nodes are walked together with those around it, which were compared already.
    const nodes = nodesOf(a).filter(({ outputs }) => !this.#twin.has(outputs[0]));
    const others = nodesOf(b).filter(({ outputs }) => !this.#known.has(outputs[0]));
    return (
      nodes.length === others.length &&
      nodes.every((node, i) => this.#nodes(node, others[i])) &&
      a.outputs.every(
        ({ name, value }, i) => name === b.outputs[i].name && this.#values(value, b.outputs[i].value),
      )
    );
  }

  #inputs(a: Value, b: Value): boolean {
    const named = a.source.kind === 'input' && b.source.kind === 'input' && a.source.name === b.source.name;
    return named && this.#pair(a, b);
  }

  #nodes(a: GraphNode, b: GraphNode): boolean {
    return (
      a.op === b.op &&
      a.inputs.length === b.inputs.length &&
      a.inputs.every((input, i) => this.#values(input, b.inputs[i])) &&
      this.#attributes(a.attributes, b.attributes) &&
      a.outputs.length === b.outputs.length &&
      a.outputs.every((output, i) => this.#pair(output, b.outputs[i]))
    );
  }

  #values(a: Value | undefined, b: Value | undefined): boolean {
    if (a === undefined || b === undefined) return a === b;
    const twin = this.#twin.get(a);
    if (twin !== undefined) return twin === b;
    return sameConstant(a, b) && this.#pair(a, b);
  }

  /** Two values that come from the same are the same, if they look alike. */
  #pair(a: Value, b: Value): boolean {
    if (a.dtype !== b.dtype || !sameShape(a.shape, b.shape)) return false;
    this.#twin.set(a, b);
    this.#known.add(b);
    return true;
  }

  #attributes(a: GraphNode['attributes'], b: GraphNode['attributes']): boolean {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every(name => b[name] !== undefined && this.#attribute(a[name], b[name]))
    );
  }

  #attribute(a: Attribute, b: Attribute): boolean {
    if ('graph' in a) return 'graph' in b && this.graphs(a.graph, b.graph);
    if ('ints' in a) return 'ints' in b && sameShape(a.ints, b.ints);
    if ('int' in a) return 'int' in b && a.int === b.int;
    if ('float' in a) return 'float' in b && Object.is(a.float, b.float);
    return 'string' in b && a.string === b.string;
  }
}

function sameConstant({ source: a }: Value, { source: b }: Value): boolean {
  if (a.kind !== 'constant' || b.kind !== 'constant') return false;
  if (a.data === undefined || b.data === undefined)
    return a.data === b.data && Object.is(a.uniform, b.uniform);
  // Bits, not numbers: NaN is itself, and zero is not minus zero.
  return Buffer.compare(bytesOf(a.data), bytesOf(b.data)) === 0;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
