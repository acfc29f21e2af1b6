import { sizeOf } from '../../core/arrays.ts';
import { onnxDtype } from '../graph/elementwise.ts';
import { nodesOf } from '../graph/inline.ts';
import type { Attribute, Graph, GraphNode, Value } from '../graph/values.ts';
import { ProtobufWriter } from './protobuf.ts';

/** The operator set that lowerings are written for, and the file format's version that goes with it. */
const OPSET = 18;
const IR_VERSION = 8;

/** Types of attributes in `AttributeProto`. */
const attributeType = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;

/**
 * A graph as the bytes of an ONNX file. The same graph gives the same bytes.
 * @param metadata what the file says about itself, e.g. what its inputs mean
 * @param rows what the first axis of the outputs is called, and that of inputs with any number of rows: one number, that
 *   each run chooses. Default: outputs have the lengths of the graph
 */
export function onnxModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>> = {},
  rows?: string,
): Uint8Array {
  const model = new ProtobufWriter().int(1, IR_VERSION).string(2, 'troupe');
  model.message(7, message => writeGraph(message, graph, new Names(), 'main', rows));
  model.message(8, opset => opset.string(1, '').int(2, OPSET));
  for (const [key, value] of Object.entries(metadata)) {
    model.message(14, entry => entry.string(1, key).string(2, value));
  }
  return model.finish();
}

/** The names of the values that are in sight: a graph's own and those of the graphs around it. */
class Names {
  readonly #names = new Map<Value, string>();
  #fresh = 0;

  has = (value: Value): boolean => this.#names.has(value);

  set(value: Value, name: string): void {
    this.#names.set(value, name);
  }

  of(value: Value): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = value.source.kind === 'input' ? value.source.name : this.fresh();
    this.#names.set(value, name);
    return name;
  }

  fresh = (): string => `v${this.#fresh++}`;
}

function writeGraph(out: ProtobufWriter, graph: Graph, names: Names, name: string, rows?: string): void {
  const nodes = nodesOf(graph).filter(node => !names.has(node.outputs[0]));
  for (const input of graph.inputs) names.of(input);
  // A value that is put out twice, or that comes from elsewhere, is copied; the others go by the output's name.
  const copied = graph.outputs.filter(({ name: output, value }) => {
    if (value.source.kind !== 'node' || names.has(value)) return true;
    names.set(value, output);
    return false;
  });
  // Each graph has constants of its own: a body sees those around it too, but executors make more of its own.
  const constants = new Map<Value, string>();
  const nameOf = (value: Value): string => {
    if (value.source.kind !== 'constant') return names.of(value);
    const known = constants.get(value);
    if (known !== undefined) return known;
    const fresh = names.fresh();
    constants.set(value, fresh);
    return fresh;
  };
  for (const node of nodes) out.message(1, message => writeNode(message, node, nameOf, names));
  for (const { name: output, value } of copied) {
    out.message(1, node => node.string(1, nameOf(value)).string(2, output).string(4, 'Identity'));
  }
  out.string(2, name);
  for (const [constant, called] of constants) out.message(5, tensor => writeTensor(tensor, constant, called));
  for (const input of graph.inputs) {
    const called = nameOf(input);
    const open = input.shape[0] < 0 ? (rows ?? `${called}_rows`) : undefined;
    out.message(11, info => writeInfo(info, called, input, open));
  }
  for (const { name: output, value } of graph.outputs) {
    const open = rows ?? (value.shape[0] < 0 ? `${output}_rows` : undefined);
    out.message(12, info => writeInfo(info, output, value, open));
  }
}

function writeNode(
  out: ProtobufWriter,
  node: GraphNode,
  nameOf: (value: Value) => string,
  names: Names,
): void {
  for (const input of node.inputs) out.string(1, input === undefined ? '' : nameOf(input));
  for (const output of node.outputs) out.string(2, nameOf(output));
  out.string(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    out.message(5, message => writeAttribute(message, name, attribute, names));
  }
}

function writeAttribute(out: ProtobufWriter, name: string, attribute: Attribute, names: Names): void {
  out.string(1, name);
  if ('float' in attribute) out.float(2, attribute.float).int(20, attributeType.float);
  else if ('int' in attribute) out.int(3, attribute.int).int(20, attributeType.int);
  else if ('string' in attribute) out.string(4, attribute.string).int(20, attributeType.string);
  else if ('ints' in attribute) {
    for (const value of attribute.ints) out.int(8, value);
    out.int(20, attributeType.ints);
  } else {
    out.message(6, graph => writeGraph(graph, attribute.graph, names, 'body')).int(20, attributeType.graph);
  }
}

function writeTensor(out: ProtobufWriter, { shape, dtype, source }: Value, name: string): void {
  if (source.kind !== 'constant') return;
  out.packedInts(1, shape).int(2, onnxDtype[dtype]).string(8, name);
  const values = source.data ?? new Float64Array(sizeOf(shape)).fill(source.uniform ?? 0);
  out.bytes(9, new Uint8Array(arrayOf[dtype](values).buffer));
}

/** Little-endian arrays of each type; a machine that is not would need a swap, and Node runs on none. */
const arrayOf = {
  float32: (values: ArrayLike<number>) => Float32Array.from(values),
  int32: (values: ArrayLike<number>) => Int32Array.from(values),
  bool: (values: ArrayLike<number>) => Uint8Array.from(values),
  int64: (values: ArrayLike<number>) => BigInt64Array.from(values, BigInt),
} as const;

/** @param rows the name of the first axis, where its length is not fixed */
function writeInfo(
  out: ProtobufWriter,
  name: string,
  { shape, dtype }: Value,
  rows: string | undefined,
): void {
  out.string(1, name).message(2, type =>
    type.message(1, tensor =>
      tensor.int(1, onnxDtype[dtype]).message(2, dimensions => {
        shape.forEach((length, axis) => {
          dimensions.message(1, dimension => {
            if (rows !== undefined && axis === 0) dimension.string(2, rows);
            else dimension.int(1, length);
          });
        });
      }),
    ),
  );
}
