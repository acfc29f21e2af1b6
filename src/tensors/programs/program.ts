import { usageError } from '../../core/errors.ts';
import type { Executor, HostTensor } from '../contract.ts';
import type { Step } from '../eager/program.ts';
import { checkScan } from '../eager/scan.ts';
import type { GraphExecutor } from '../executors/contract.ts';
import { sameGraph } from '../graph/same.ts';
import { haveShapes, Signature } from '../signature.ts';
import { NotCompilable } from '../trace/not-compilable.ts';
import { type TracedStep, type TreeForm, traceStep } from '../trace/trace.ts';
import type { Feeds, HostTrees, Program } from './contract.ts';
import { settleExecutor } from './settle.ts';
import { checkSize } from './size.ts';
import type { ProgramState } from './state.ts';
import { Variant, type VariantParts } from './variant.ts';
import { type Wired, wireScan, wireStep } from './wiring.ts';

/** A program keeps this many variants for inputs of other shapes; one more, and the oldest goes. */
export const VARIANTS = 8;

type Shapes = readonly (readonly number[])[];

/** How a variant is found again. */
interface Known {
  readonly shapes: Shapes;
  readonly scan: string | undefined;
  readonly variant: Variant;
}

/** A program that an executor of graphs runs: its step is traced once for each set of input shapes. */
export class GraphProgram implements Program {
  readonly state: ProgramState;
  readonly #name: string;
  readonly #step: Step;
  readonly #ownsState: boolean;
  #signature: Signature | undefined;
  /** Becomes `#signature` once a step with such inputs was traced: a first call that failed binds nobody. */
  #latest!: Signature;
  /** The one that was used last comes last. */
  #variants: Known[] = [];
  /** That the variants are for. */
  #executor: GraphExecutor;
  #traces = 0;
  #disposed = false;

  constructor(name: string, step: Step, state: ProgramState, ownsState: boolean) {
    this.#name = name;
    this.#step = step;
    this.state = state;
    this.#ownsState = ownsState;
    this.#executor = state.executor;
  }

  get executor(): Executor {
    return this.state.describedExecutor;
  }

  runSync(inputs: Feeds): HostTrees {
    this.#checkAlive();
    if (!this.state.executor.sync) {
      const { name, reason, measured } = this.executor;
      const how = measured ? `, or name another executor: auto chose it (${reason})` : '';
      throw usageError(`${this.#name}: .sync: ${name} runs asynchronously only; await the call${how}`);
    }
    this.state.rivals = undefined;
    const leaves = this.#leaves(inputs);
    return this.#variantSync(leaves).runSync(leaves);
  }

  async run(inputs: Feeds): Promise<HostTrees> {
    this.#checkAlive();
    const leaves = this.#leaves(inputs);
    const variant = await this.#variant(leaves);
    return variant.run(leaves);
  }

  async scan(rows: HostTrees, whole: Feeds, indices: Int32Array, batch: number): Promise<HostTrees> {
    this.#checkAlive();
    const steps = checkScan(this.#name, rows, indices, batch);
    const leaves = this.#leaves({ ...rows, ...whole });
    const isRow = this.#latest.entries.map(entry => entry in rows);
    // A copy: what was given may lie in shared memory.
    const order = { shape: [steps, batch], data: indices.slice() };
    const variant = await this.#scanVariant(leaves, isRow, order);
    return variant.run(leaves, { indices: this.state.executor.tensor('int32', order.data, order.shape) });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.releaseVariants();
    if (this.#ownsState) this.state.dispose();
  }

  /** Frees the sessions; a later call would make them anew. */
  releaseVariants(): void {
    for (const { variant } of this.#variants) variant.release();
    this.#variants = [];
  }

  #leaves(inputs: Feeds): readonly HostTensor[] {
    this.#latest = this.#signature ?? new Signature(this.#name, inputs, name => this.state.has(name));
    return this.#latest.leaves(inputs);
  }

  #find(leaves: readonly HostTensor[], scan?: string): Variant | undefined {
    this.#follow();
    const at = this.#variants.findLastIndex(known => known.scan === scan && haveShapes(leaves, known.shapes));
    if (at < 0) return undefined;
    const known = this.#variants[at];
    if (at < this.#variants.length - 1) {
      this.#variants.splice(at, 1);
      this.#variants.push(known);
    }
    return known.variant;
  }

  /** Where the state has moved, what was loaded on the executor before is of no use. */
  #follow(): void {
    if (this.#executor === this.state.executor) return;
    this.releaseVariants();
    this.#executor = this.state.executor;
  }

  #keep(variant: Variant, shapes: Shapes, scan?: string): Variant {
    this.#follow();
    if (this.#disposed) {
      // While it was loading.
      variant.release();
      this.#checkAlive();
    }
    this.#variants.push({ shapes, scan, variant });
    if (this.#variants.length > VARIANTS) this.#variants.shift()?.variant.release();
    return variant;
  }

  #variantSync(leaves: readonly HostTensor[]): Variant {
    const known = this.#find(leaves);
    if (known) return known;
    const { shapes, parts } = this.#wireStep(leaves);
    return this.#keep(Variant.loadSync(parts), shapes);
  }

  async #variant(leaves: readonly HostTensor[]): Promise<Variant> {
    const known = this.#find(leaves);
    if (known) return known;
    const { shapes, parts } = this.#wireStep(leaves);
    return this.#keep(await this.#load(parts, leaves), shapes);
  }

  #wireStep(leaves: readonly HostTensor[]) {
    const shapes = leaves.map(({ shape }) => [...shape]);
    const traced = this.#trace(shapes);
    return { shapes, parts: this.#parts(traced, wireStep(traced, this.state.segments)) };
  }

  async #scanVariant(
    leaves: readonly HostTensor[],
    isRow: readonly boolean[],
    order: HostTensor,
  ): Promise<Variant> {
    const batch = order.shape[1];
    const rows = new Set(isRow.flatMap((row, i) => (row ? [i] : [])));
    // The number of rows does not matter to the graph, nor does the number of steps.
    const seen = leaves.map((leaf, i) =>
      isRow[i] ? { ...leaf, shape: [batch, ...leaf.shape.slice(1)] } : leaf,
    );
    const scan = [...rows].join();
    const known = this.#find(seen, scan);
    if (known) return known;
    const shapes = seen.map(({ shape }) => [...shape]);
    const traced = this.#trace(shapes);
    const wired = wireScan(traced, this.state.segments, rows, batch);
    return this.#keep(await this.#load(this.#parts(traced, wired), leaves, order), shapes, scan);
  }

  /** The owner of a state decides where it lies; those that share it follow. */
  async #load(parts: VariantParts, leaves: readonly HostTensor[], order?: HostTensor): Promise<Variant> {
    if (this.#ownsState) await settleExecutor(parts, leaves, order);
    return Variant.load(parts);
  }

  #parts(traced: TracedStep, wired: Wired): VariantParts {
    return { program: this.#name, state: this.state, traced, wired };
  }

  #trace(shapes: Shapes): TracedStep {
    const form = this.#latest.treeForm(shapes);
    const traced = this.#traceOnce(form);
    checkSize(traced.graph, this.#name);
    // What changes from call to call would be frozen into the graph: the numbers of the first trace, for ever.
    if (!sameGraph(traced.graph, this.#traceOnce(form).graph)) {
      throw changingStep(this.#name);
    }
    this.#signature = this.#latest;
    if (++this.#traces === VARIANTS + 1) warnOfShapes(this.#name);
    return traced;
  }

  #traceOnce(form: TreeForm): TracedStep {
    try {
      return traceStep(this.#name, this.#step, this.state.form, form);
    } catch (error) {
      throw error instanceof NotCompilable ? error.of(this.#name) : error;
    }
  }

  #checkAlive(): void {
    if (this.#disposed) throw usageError(`${this.#name}: called after dispose()`);
  }
}

/** Once, when a program sees one more than it keeps. */
export function warnOfShapes(program: string): void {
  process.emitWarning(
    `${program}: ${VARIANTS + 1} different input shapes so far, and each one is compiled anew: pad or drop the odd ones`,
    { code: 'TROUPE_RETRACE' },
  );
}

export const changingStep = (program: string): Error =>
  usageError(
    `${program}: two runs of the step on the same inputs are not the same program: it depends on something that changes between calls (a counter, a clock); expected what changes as an input or as state`,
  );
