import { sizeOf } from '../../core/arrays.ts';
import { TroupeError } from '../../core/errors.ts';
import type { DeviceTensor, Feeds, GraphExecutor, Session } from '../executors/contract.ts';
import { nodesOf, usedInputs } from '../graph/inline.ts';
import type { Graph, GraphNode, Value } from '../graph/values.ts';
import { type GraphCode, graphCode } from '../module/code.ts';
import { type Block, MOST_BYTES, takeBlock } from './arena.ts';
import { fused } from './fuse.ts';
import { elementKernels, SmallTarget } from './target.ts';
import { workOf } from './work.ts';

/** Up to this much work (`workOf`) a run here is faster than one of onnxruntime's native executor, which takes 10 µs at least. */
const MOST_WORK = 350_000;

type HostData = Float32Array | Int32Array | Uint8Array;

/** An array in the kernels' memory that values go in or out through. */
interface Port {
  readonly name: string;
  readonly array: HostData;
  readonly value: Value;
}

/** What the generated code gives. */
interface Program {
  readonly arrays: Readonly<Record<string, HostData>>;
  readonly refresh: () => void;
  readonly run: () => void;
}

/**
 * A session for a graph that is so small that calling an executor would take longer than the work: it runs in this
 * thread, products and activations by WebAssembly kernels, the rest as JavaScript.
 * @param held inputs that seldom change: a tensor of theirs is read again only where it is another object
 * @param most the work of a run from which on it is not small
 * @returns `undefined` for a graph that is not small, or has what cannot be written so
 */
export function smallSession(graph: Graph, held: ReadonlySet<string>, most = MOST_WORK): Session | undefined {
  const inputs = [...usedInputs(graph)];
  const floats = inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  if (4 * floats > MOST_BYTES) return undefined;
  const simple = fused(graph);
  const target = new SmallTarget(held);
  const nodes = nodesOf(simple);
  if (
    !nodes.every(node => target.table.has(node.op) && isTheSame(node)) ||
    workOf(simple, target.isHeld) > most
  ) {
    return undefined;
  }
  let code: GraphCode;
  try {
    code = graphCode(simple, target);
  } catch (error) {
    // E.g. a product of whole numbers.
    if (error instanceof TroupeError) return undefined;
    throw error;
  }
  return open(simple, target, code);
}

/**
 * Whether a node is what it is to executors: to them a position out of range is an error, and none here; kernels are for
 * floats.
 */
const isTheSame = ({ op, inputs, outputs }: GraphNode): boolean =>
  op === 'Gather'
    ? inputs[1]?.source.kind === 'constant'
    : outputs[0].dtype === 'float32' || !elementKernels.has(op);

function open(graph: Graph, target: SmallTarget, code: GraphCode): Session | undefined {
  const declared: string[] = [];
  for (const [name, { data, dtype }] of code.constants) {
    declared.push(target.declare(name, dtype, data.length), `${name}.set(constants.${name});`);
  }
  for (const [value, name] of code.inputs) {
    declared.push(target.declare(name, value.dtype, sizeOf(value.shape)));
  }
  if (target.bytes > MOST_BYTES) return undefined;
  let block: Block | undefined;
  let program: Program;
  try {
    block = takeBlock(target.bytes);
    program = programOf(code, declared, block);
  } catch {
    // Addresses are short where a process is limited in them, and some have neither WebAssembly nor code from text.
    block?.release();
    return undefined;
  }
  const taken = block;
  const { arrays, refresh, run } = program;
  const ports = [...code.inputs].map(
    ([value, name]): Port => ({ name: inputName(value), array: arrays[name], value }),
  );
  const inputs = ports.filter(({ value }) => !target.isHeld(value));
  const held = ports.filter(({ value }) => target.isHeld(value));
  const outputs = graph.outputs.map(
    ({ name, value }): Port => ({ name, array: arrays[code.outputs.get(name)!], value }),
  );
  // Not held: it may be the state of some time ago, and long.
  const seen: (WeakRef<DeviceTensor> | undefined)[] = held.map(() => undefined);
  let released = false;

  const runSync = (feeds: Feeds): Record<string, DeviceTensor> => {
    if (released) throw new TroupeError('a run in a session that was released');
    let changed = false;
    for (let i = 0; i < held.length; i++) {
      const tensor = feeds[held[i].name];
      if (tensor === seen[i]?.deref()) continue;
      held[i].array.set(tensor.data as HostData);
      seen[i] = new WeakRef(tensor);
      changed = true;
    }
    if (changed) refresh();
    for (const { name, array } of inputs) copy(feeds[name].data as HostData, array);
    run();
    const results: Record<string, DeviceTensor> = {};
    for (const { name, array, value } of outputs) {
      results[name] = smallTensor(value.dtype, fresh(array), value.shape);
    }
    return results;
  };
  return {
    runSync,
    run: async feeds => runSync(feeds),
    async release() {
      released = true;
      taken.release();
    },
  };
}

/** A tensor as a small session takes it. */
export const smallTensor: GraphExecutor['tensor'] = (type, data, dims) => ({
  type,
  data,
  dims,
  location: 'cpu',
  dispose: nothing,
});

function nothing(): void {}

const inputName = ({ source }: Value): string => (source.kind === 'input' ? source.name : '');

function programOf(code: GraphCode, declared: readonly string[], block: Block): Program {
  const { memory, base, kernels } = block;
  const constants = Object.fromEntries([...code.constants].map(([name, { data }]) => [name, data]));
  const names = new Set([...code.inputs.values(), ...code.outputs.values()]);
  const text = `'use strict';
const { memory, base, constants } = given;
const { ${Object.keys(kernels).join(', ')} } = given.kernels;
${declared.join('\n')}
${code.setup}
return {
arrays: { ${[...names].join(', ')} },
refresh() {
${code.refresh}
},
run() {
${code.body}
},
};`;
  return new Function('given', text)({ memory, base, kernels, constants }) as Program;
}

/** Up to this length a loop is faster than the method that copies. */
const SHORT = 64;

function copy(from: HostData, to: HostData): void {
  if (from.length > SHORT) to.set(from);
  else for (let i = 0; i < from.length; i++) to[i] = from[i];
}

/** The same values outside of the kernels' memory. */
function fresh(array: HostData): HostData {
  const { length } = array;
  if (length > SHORT) return array.slice();
  const own =
    array instanceof Float32Array
      ? new Float32Array(length)
      : array instanceof Int32Array
        ? new Int32Array(length)
        : new Uint8Array(length);
  for (let i = 0; i < length; i++) own[i] = array[i];
  return own;
}
