import { sizeOf } from '../../core/arrays.ts';
import { nodesOf } from '../graph/inline.ts';
import {
  type ConstantData,
  type Dtype,
  type Graph,
  type GraphNode,
  nodeOf,
  uniformOf,
  type Value,
} from '../graph/values.ts';
import { helpers } from './elements.ts';
import { type Helper, linear, type ModuleRow, type Site, stridesOf } from './row.ts';
import { moduleTable } from './table.ts';
import { UnknownOperation } from './unknown.ts';

/** A graph as JavaScript, in the parts that a module or a function is put together from. */
export interface GraphCode {
  /** Constants of more than one number, by the names that the code has for them. */
  readonly constants: ReadonlyMap<string, { readonly data: ConstantData; readonly dtype: Dtype }>;
  /** Run once: declares arrays and functions, computes what depends on no input. */
  readonly setup: string;
  /** Run whenever a held input has changed: computes what depends on those, and on no other input. */
  readonly refresh: string;
  /** Run at each call: fills the outputs' arrays from the inputs'. */
  readonly body: string;
  /** The arrays of the inputs that the code reads; they are for whoever uses the code to declare. */
  readonly inputs: ReadonlyMap<Value, string>;
  /** The arrays of the outputs, by the outputs' names. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** Whole numbers of 64 bits are positions here: 32 are enough. */
const arrayTypes = {
  float32: 'Float32Array',
  int32: 'Int32Array',
  int64: 'Int32Array',
  bool: 'Uint8Array',
} as const;

/** The type of array that holds values of a dtype in the code. */
export const arrayType = (dtype: Dtype): (typeof arrayTypes)[Dtype] => arrayTypes[dtype];

/** What may be other than in a module of plain JavaScript. */
export interface CodeTarget {
  /** How operations become code. */
  readonly table: ReadonlyMap<string, ModuleRow>;
  /** The statement that makes an array of zeros. */
  declare(name: string, dtype: Dtype, size: number): string;
  /** Whether an input changes so seldom that what depends on such inputs alone is worth keeping. */
  isHeld(input: Value): boolean;
}

const plainModule: CodeTarget = {
  table: moduleTable,
  declare: (name, dtype, size) => `const ${name} = new ${arrayTypes[dtype]}(${size});`,
  isHeld: () => false,
};

/** When something is computed: once, whenever a held input has changed, at each call. */
const stages = { setup: 0, refresh: 1, body: 2 } as const;
type Stage = (typeof stages)[keyof typeof stages];

/**
 * Writes a graph as JavaScript. Arrays are made once; intermediate sums are float64 and each array float32, so that
 * results differ from an executor's in the last bits only.
 * @throws UnknownOperation where an operation has no row
 */
export function graphCode(graph: Graph, target: CodeTarget = plainModule): GraphCode {
  const writer = new Writer(graph, target);
  return writer.write();
}

class Writer implements Site {
  readonly #graph: Graph;
  readonly #nodes: readonly GraphNode[];
  readonly #target: CodeTarget;
  readonly #setup: string[] = [];
  /** One list a stage. */
  readonly #code: readonly string[][] = [this.#setup, [], []];
  readonly #arrays = new Map<Value, string>();
  /** Expressions of values that are computed where they are used. */
  readonly #fused = new Map<Value, (index: string) => string>();
  readonly #constants = new Map<string, { data: ConstantData; dtype: Dtype }>();
  readonly #inputs = new Map<Value, string>();
  readonly #helpers = new Set<Helper>();
  /** Of whatever depends on an input. */
  readonly #stages = new Map<Value, Stage>();
  readonly #users = new Map<Value, GraphNode[]>();
  #names = 0;
  #lines = this.#setup;

  constructor(graph: Graph, target: CodeTarget) {
    this.#graph = graph;
    this.#target = target;
    this.#nodes = nodesOf(graph);
    for (const node of this.#nodes) {
      if (!target.table.has(node.op)) throw new UnknownOperation(node.op);
      let stage: Stage = stages.setup;
      for (const input of node.inputs) {
        if (!input) continue;
        this.#users.set(input, [...(this.#users.get(input) ?? []), node]);
        const own = this.#stageOf(input);
        if (own > stage) stage = own;
      }
      for (const output of node.outputs) this.#stages.set(output, stage);
    }
  }

  #stageOf(value: Value): Stage {
    if (value.source.kind === 'input') return this.#target.isHeld(value) ? stages.refresh : stages.body;
    return this.#stages.get(value) ?? stages.setup;
  }

  write(): GraphCode {
    for (const node of this.#nodes) this.#write(node);
    this.#lines = this.#code[stages.body];
    const outputs = new Map<string, string>();
    for (const { name, value } of this.#graph.outputs) outputs.set(name, this.#output(value, outputs));
    const setup = [...Array.from(this.#helpers, (name): string => helpers[name]), ...this.#setup];
    return {
      constants: this.#constants,
      setup: setup.join('\n'),
      refresh: this.#code[stages.refresh].join('\n'),
      body: this.#code[stages.body].join('\n'),
      inputs: this.#inputs,
      outputs,
    };
  }

  #write(node: GraphNode): void {
    const row = this.#target.table.get(node.op)!;
    this.#lines = this.#code[this.#stageOf(node.outputs[0])];
    if (row.kind === 'block') {
      row.write(this, node);
      return;
    }
    const [out] = node.outputs;
    const expression = (index: string) =>
      row.write(
        node.inputs.map(input => (input ? this.at(input, indexIn(input, out, index)) : (undefined as never))),
        node,
        this,
      );
    if (this.#isFused(out)) {
      this.#fused.set(out, expression);
      return;
    }
    const array = this.array(out);
    const size = sizeOf(out.shape);
    if (size === 1) {
      this.line(`${array}[0] = ${expression('0')};`);
      return;
    }
    const i = this.fresh();
    this.line(`for (let ${i} = 0; ${i} < ${size}; ${i}++) ${array}[${i}] = ${expression(i)};`);
  }

  /** Whether a value is computed inside the loop of the one operation that uses it, once an element. */
  #isFused(value: Value): boolean {
    const users = this.#users.get(value) ?? [];
    if (users.length !== 1 || this.#graph.outputs.some(output => output.value === value)) return false;
    const [user] = users;
    const row = this.#target.table.get(user.op)!;
    return (
      row.kind === 'element' &&
      !row.rounded &&
      sizeOf(user.outputs[0].shape) === sizeOf(value.shape) &&
      this.#stageOf(value) === this.#stageOf(user.outputs[0])
    );
  }

  /** An output has an array of its own, whatever else its value is. */
  #output(value: Value, taken: ReadonlyMap<string, string>): string {
    const array = this.array(value);
    const own = nodeOf(value) !== undefined && this.#stageOf(value) !== stages.setup;
    const shared = [...this.#inputs.values(), ...taken.values()].includes(array);
    if (own && !shared) return array;
    const name = this.#declare(value);
    const i = this.fresh();
    this.line(
      `for (let ${i} = 0; ${i} < ${sizeOf(value.shape)}; ${i}++) ${name}[${i}] = ${this.at(value, i)};`,
    );
    return name;
  }

  line(code: string): void {
    this.#lines.push(code);
  }

  fresh = (): string => `v${this.#names++}`;

  helper(name: Helper): string {
    this.#helpers.add(name);
    return name;
  }

  bind(value: Value, array: string): void {
    this.#arrays.set(value, array);
  }

  setup(code: string): void {
    this.#setup.push(code);
  }

  at(value: Value, index: string): string {
    const uniform = uniformOf(value);
    if (uniform !== undefined)
      return uniform < 0 || Object.is(uniform, -0) ? `(${literal(uniform)})` : literal(uniform);
    return this.#fused.get(value)?.(index) ?? `${this.array(value)}[${index}]`;
  }

  array(value: Value): string {
    const known = this.#arrays.get(value);
    if (known !== undefined) return known;
    const { source, dtype } = value;
    if (source.kind === 'constant' && source.data) {
      const name = this.fresh();
      this.#constants.set(name, { data: source.data, dtype });
      this.#arrays.set(value, name);
      return name;
    }
    if (source.kind === 'input') {
      const name = this.fresh();
      this.#inputs.set(value, name);
      this.#arrays.set(value, name);
      return name;
    }
    const name = this.#declare(value);
    const uniform = uniformOf(value);
    if (uniform !== undefined && !Object.is(uniform, 0))
      this.#setup.push(`${name}.fill(${literal(uniform)});`);
    this.#arrays.set(value, name);
    return name;
  }

  #declare(value: Value): string {
    const name = this.fresh();
    this.#setup.push(this.#target.declare(name, value.dtype, sizeOf(value.shape)));
    return name;
  }
}

const literal = (number: number): string => (Object.is(number, -0) ? '-0' : String(number));

/** Where the element of `x` lies that the element of `out` at an index is made from: `x` broadcasts to `out`. */
function indexIn(x: Value, out: Value, index: string): string {
  const size = sizeOf(x.shape);
  if (size === 1) return '0';
  if (size === sizeOf(out.shape)) return index;
  const missing = out.shape.length - x.shape.length;
  const own = stridesOf(x.shape);
  const all = stridesOf(out.shape);
  const coordinates = out.shape.map((length, axis) => {
    const outer = all[axis] === 1 ? `(${index})` : `((${index}) / ${all[axis]} | 0)`;
    return axis === 0 ? outer : `${outer} % ${length}`;
  });
  const strides = out.shape.map((_, axis) =>
    axis < missing || x.shape[axis - missing] === 1 ? 0 : own[axis - missing],
  );
  return linear(0, coordinates, strides);
}
