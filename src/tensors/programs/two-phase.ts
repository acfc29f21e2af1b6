import { sizeOf } from '../../core/arrays.ts';
import { usageError } from '../../core/errors.ts';
import type { Executor, HostTensor } from '../contract.ts';
import type { Step } from '../eager/program.ts';
import type { GraphExecutor } from '../executors/contract.ts';
import { sameGraph } from '../graph/same.ts';
import type { Work } from '../graph/work.ts';
import { haveShapes, Signature } from '../signature.ts';
import { NotCompilable } from '../trace/not-compilable.ts';
import { type TracedStep, type TreeForm, traceStep } from '../trace/trace.ts';
import type { Feeds, HostTrees } from './contract.ts';
import { freeTensors, type Held, type Kept, KeptTensors, ownKept } from './kept.ts';
import { type CutNames, type LateForm, lateFormOf, lateLeaves } from './late.ts';
import { Pair } from './pair.ts';
import { changingStep, VARIANTS, warnOfShapes } from './program.ts';
import { settleExecutor } from './settle.ts';
import { checkSize } from './size.ts';
import type { ProgramState } from './state.ts';
import { wireStep } from './wiring.ts';

/** What the two halves of a step take for some inputs, counted. */
export interface PhaseCosts {
  readonly first: Work;
  readonly second: Work;
  /** What `Kept` will say. */
  readonly bytes: number;
  readonly inputBytes: number;
}

/** What runs behind a step that is cut in two. Calls come one at a time (`ProgramState.inTurn`). */
export interface InTwo {
  readonly executor: Executor;
  first(inputs: Feeds): Promise<{ readonly outputs: HostTrees; readonly kept: Kept }>;
  second(kept: Kept, late: Feeds): Promise<HostTrees>;
  /** `undefined` where no graph can be made of the step. */
  costs(inputs: Feeds): Promise<PhaseCosts | undefined>;
  dispose(): void;
}

/** A step as two graphs: the whole step is traced once for each set of input shapes, and cut. */
export class GraphInTwo implements InTwo {
  readonly state: ProgramState;
  readonly #name: string;
  readonly #step: Step;
  readonly #cut: CutNames;
  readonly #ownsState: boolean;
  #signature: Signature | undefined;
  /** The one that was used last comes last. */
  #pairs: { readonly shapes: readonly (readonly number[])[]; readonly pair: Pair }[] = [];
  #executor: GraphExecutor;
  #traces = 0;
  #disposed = false;

  /** @param ownsState whether it decides where the state lies; it is not disposed of with this */
  constructor(name: string, step: Step, cut: CutNames, state: ProgramState, ownsState: boolean) {
    this.#name = name;
    this.#step = step;
    this.#cut = cut;
    this.state = state;
    this.#ownsState = ownsState;
    this.#executor = state.executor;
  }

  get executor(): Executor {
    return this.state.describedExecutor;
  }

  async first(
    inputs: Feeds,
  ): Promise<{ readonly outputs: HostTrees; readonly kept: KeptTensors<Held<Pair>> }> {
    const { pair, leaves } = await this.#prepare(inputs);
    const first = await pair.first;
    const { outputs, crossing, read } = await first.runFirst(leaves);
    const held: HostTensor[] = [];
    for (const i of pair.inputs) held[i] = leaves[i];
    const contents: Held<Pair> = {
      pair,
      leaves: held,
      crossing,
      executor: this.state.executor,
      read: new Map([...read].map(([segment, tensor]) => [segment, new WeakRef(tensor)])),
      inputs: pair.secondRan ? undefined : inputs,
    };
    return { outputs, kept: new KeptTensors(this, pair, contents, ({ crossing }) => freeTensors(crossing)) };
  }

  async costs(inputs: Feeds): Promise<PhaseCosts> {
    return (await this.#prepare(inputs)).pair.costs;
  }

  async second(kept: Kept, late: Feeds): Promise<HostTrees> {
    this.#checkAlive();
    const own = ownKept<Held<Pair>>(kept, this, this.#name);
    const held = own.open(this.#name);
    const { pair } = held;
    const given = lateLeaves(this.#name, pair.late, late);
    this.#checkState(held);
    const all = [...held.leaves];
    given.forEach((leaf, i) => {
      all[pair.firstLate + i] = leaf;
    });
    try {
      const second = await pair.second;
      const outputs = await second.run(all, held.crossing);
      own.dispose();
      return outputs;
    } finally {
      // Displaced by other shapes meanwhile: nobody else would free what was loaded for it again.
      if (!this.#pairs.some(known => known.pair === pair)) pair.release();
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.releaseVariants();
  }

  /** Frees the sessions; a later call would make them anew. */
  releaseVariants(): void {
    for (const { pair } of this.#pairs) pair.release();
    this.#pairs = [];
  }

  /** What the first half has read must be what the second one finds, or it would be another step's second half. */
  #checkState({ read, executor }: Held<Pair>): void {
    if (executor !== this.state.executor) {
      throw usageError(`${this.#name}: second: the state has moved from ${executor.name} since first`);
    }
    for (const [segment, before] of read) {
      if (before.deref() === this.state.tensor(segment)) continue;
      throw usageError(
        `${this.#name}: second: state.${this.state.entryOf(segment)} has changed since first, which has read it; expected it as it was (what second changes belongs in an entry that first does not read)`,
      );
    }
  }

  async #prepare(inputs: Feeds): Promise<{ readonly pair: Pair; readonly leaves: readonly HostTensor[] }> {
    this.#checkAlive();
    const early = this.#signature ?? new Signature(this.#name, inputs, name => this.state.has(name));
    const leaves = early.leaves(inputs);
    const pair = await this.#pair(inputs, early, leaves);
    // A first call that failed binds nobody.
    this.#signature = early;
    return { pair, leaves };
  }

  async #pair(inputs: Feeds, early: Signature, leaves: readonly HostTensor[]): Promise<Pair> {
    this.#follow();
    const at = this.#pairs.findLastIndex(({ shapes }) => haveShapes(leaves, shapes));
    if (at >= 0) {
      const [known] = this.#pairs.splice(at, 1);
      this.#pairs.push(known);
      return known.pair;
    }
    const shapes = leaves.map(({ shape }) => [...shape]);
    const { joint, late } = this.#trace(inputs, early.treeForm(shapes));
    const pair = new Pair(this.#name, this.state, joint, this.#cut, late);
    if (this.#ownsState) await this.#settle(joint, leaves, late);
    this.#follow();
    // Both now: where one cannot be loaded, nothing has run yet.
    await pair.first;
    await pair.second;
    if (this.#disposed) {
      pair.release();
      this.#checkAlive();
    }
    this.#pairs.push({ shapes, pair });
    if (this.#pairs.length > VARIANTS) this.#pairs.shift()?.pair.release();
    return pair;
  }

  /** The owner of a state decides where it lies: by the time of the whole step. */
  #settle(joint: TracedStep, leaves: readonly HostTensor[], late: LateForm): Promise<void> {
    const parts = {
      program: this.#name,
      state: this.state,
      traced: joint,
      wired: wireStep(joint, this.state.segments),
    };
    return settleExecutor(parts, [...leaves, ...late.specs.map(zeros)]);
  }

  /** Where the state has moved, what was loaded on the executor before is of no use. */
  #follow(): void {
    if (this.#executor === this.state.executor) return;
    this.releaseVariants();
    this.#executor = this.state.executor;
  }

  #trace(inputs: Feeds, early: TreeForm): { readonly joint: TracedStep; readonly late: LateForm } {
    const record = (late: TreeForm) =>
      this.#traceOnce({
        form: { ...early.form, ...late.form },
        specs: [...early.specs, ...late.specs],
      });
    const late = lateFormOf(this.#name, this.#cut, inputs, record);
    const joint = record(late);
    checkSize(joint.graph, this.#name);
    if (!sameGraph(joint.graph, record(late).graph)) throw changingStep(this.#name);
    if (++this.#traces === VARIANTS + 1) warnOfShapes(this.#name);
    return { joint, late };
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

function zeros({ shape, dtype }: { readonly shape: readonly number[]; readonly dtype: string }): HostTensor {
  const size = sizeOf(shape);
  if (dtype === 'float32') return { shape, data: new Float32Array(size) };
  return { shape, data: dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size) };
}
