import { sizeOf } from '../../core/arrays.ts';
import { asError, TroupeError } from '../../core/errors.ts';
import type { HostTensor } from '../contract.ts';
import type { DeviceTensor, GraphExecutor } from '../executors/contract.ts';
import { legalize } from '../onnx/dialects.ts';
import { onnxModel } from '../onnx/model.ts';
import { smallSession, smallTensor } from '../small/session.ts';
import { NotCompilable } from '../trace/not-compilable.ts';
import type { TracedStep } from '../trace/trace.ts';
import { treeLike } from '../trees.ts';
import type { HostTrees } from './contract.ts';
import { Feeder } from './feeds.ts';
import { lease, leaseSync, type SessionLease } from './sessions.ts';
import type { ProgramState } from './state.ts';
import type { Wired } from './wiring.ts';

/** Tensors by the names of a graph's inputs or outputs. */
export type Tensors = Readonly<Record<string, DeviceTensor>>;

/** What a variant is made of. */
export interface VariantParts {
  /** The program's name, for error messages. */
  readonly program: string;
  readonly state: ProgramState;
  readonly traced: TracedStep;
  readonly wired: Wired;
}

/** A program for inputs of certain shapes: a session, and how trees go in and come out. */
export class Variant {
  readonly #parts: VariantParts;
  readonly #feeder: Feeder;
  readonly #lease: SessionLease;
  /** Some providers find out at the first run only that a node is beyond them. */
  #ran = false;

  private constructor(parts: VariantParts, held: SessionLease, tensor: GraphExecutor['tensor']) {
    this.#parts = parts;
    this.#lease = held;
    this.#feeder = new Feeder(tensor, parts.wired.inputs, parts.traced.inputs);
  }

  /** @throws NotCompilable where the executor does not take the graph */
  static loadSync(parts: VariantParts): Variant {
    const small = smallLease(parts);
    if (small) return new Variant(parts, small, smallTensor);
    try {
      const { executor, model, options } = modelOf(parts);
      return new Variant(parts, leaseSync(executor, model, options), executor.tensor);
    } catch (error) {
      throw beyond(parts, 'load', error);
    }
  }

  /** @throws NotCompilable where the executor does not take the graph */
  static async load(parts: VariantParts): Promise<Variant> {
    const small = smallLease(parts);
    if (small) return new Variant(parts, small, smallTensor);
    try {
      const { executor, model, options } = modelOf(parts);
      return new Variant(parts, await lease(executor, model, options), executor.tensor);
    } catch (error) {
      throw beyond(parts, 'load', error);
    }
  }

  /** @throws NotCompilable where the first run fails, and a failure where a later one does; the state is as before */
  runSync(leaves: readonly HostTensor[]): HostTrees {
    const { feeds, read } = this.#feed(leaves);
    let results: Tensors;
    try {
      results = this.#lease.session.runSync!(feeds);
    } catch (error) {
      throw this.#failed(error);
    }
    return this.#collect(results, read);
  }

  /** As `runSync`. @param more further inputs: the indices of a scan, what comes from the other half of a step */
  async run(leaves: readonly HostTensor[], more?: Tensors): Promise<HostTrees> {
    return (await this.#runOnce(leaves, more)).outputs;
  }

  /** The first half of a step. @returns also what crosses to the other one, and what it read of the state, by segment */
  async runFirst(leaves: readonly HostTensor[]) {
    const { outputs, results, read } = await this.#runOnce(leaves);
    const crossing = (this.#parts.wired.crossing ?? []).map(name => [name, results[name]] as const);
    return { outputs, crossing: Object.fromEntries(crossing) as Tensors, read };
  }

  /** Whether it has run: until then nobody knows whether the executor can. */
  get ran(): boolean {
    return this.#ran;
  }

  async #runOnce(leaves: readonly HostTensor[], more?: Tensors) {
    const { feeds, read } = this.#feed(leaves);
    Object.assign(feeds, more);
    const { session } = this.#lease;
    let results: Tensors;
    try {
      // Where it can be had at once, nothing comes between what is read and what is written.
      results = session.runSync ? session.runSync(feeds) : await session.run(feeds);
    } catch (error) {
      throw this.#failed(error);
    }
    return { outputs: this.#collect(results, read), results, read };
  }

  release(): void {
    this.#lease.release();
  }

  /**
   * The feeds of a run, and which of them are the state that it reads, by segment. They end with the run: kept until the
   * next one, they would have each program of a learner hold a whole state of some time ago.
   */
  #feed(leaves: readonly HostTensor[]) {
    const { state, wired } = this.#parts;
    const feeds: Record<string, DeviceTensor> = {};
    const read = new Map(wired.reads.map(segment => [segment, state.tensor(segment)]));
    for (const [segment, tensor] of read) feeds[`S${segment}`] = tensor;
    this.#feeder.feed(leaves, feeds);
    return { feeds, read };
  }

  #failed(error: unknown): TroupeError {
    if (!this.#ran) return beyond(this.#parts, 'run', error);
    const { message } = asError(error);
    return new TroupeError(`${this.#parts.program}: ${message}; its state is as before`, { cause: error });
  }

  /** Moves the state on and makes trees of what came out. */
  #collect(results: Tensors, read: ReadonlyMap<number, DeviceTensor>): HostTrees {
    const { state, traced, wired } = this.#parts;
    this.#ran = true;
    if (wired.writes.length > 0) {
      state.commit(new Map(wired.writes.map(segment => [segment, results[`T${segment}`]])), read);
    }
    const { values, form } = traced.outputs;
    const leaves: HostTensor[] = [];
    const packed = results['P_out'];
    if (packed) {
      // Of a scan: [steps, elements].
      const steps = packed.dims.length > 1 ? packed.dims[0] : undefined;
      let at = 0;
      for (const i of wired.outputs.packed) {
        const { shape } = values[i];
        leaves[i] = column(packed.data as Float32Array, steps, at, shape);
        at += sizeOf(shape);
      }
    }
    for (const i of wired.outputs.alone) {
      const { dims, data } = results[`o${i}`];
      leaves[i] = { shape: dims, data: data as HostTensor['data'] };
    }
    return treeLike(form, leaves) as HostTrees;
  }
}

/** The program in this thread, if it is small and leaves the state as it is. */
function smallLease({ state: { executor }, wired }: VariantParts): SessionLease | undefined {
  // The halves of a step have the bits of the whole, which changes the state as a rule and so is none of these.
  if (!executor.leavesSmall || wired.writes.length > 0 || wired.crossing) return undefined;
  const session = smallSession(wired.graph, new Set(wired.reads.map(segment => `S${segment}`)));
  return session && { session, release: () => void session.release() };
}

function modelOf({ state: { executor }, wired: { graph, writes, crossing = [] } }: VariantParts) {
  const given = crossing.filter(name => graph.outputs.some(output => output.name === name));
  return {
    executor,
    model: onnxModel(legalize(graph, executor.dialect)),
    options: { onDevice: [...writes.map(segment => `T${segment}`), ...given] },
  };
}

function beyond({ program, state }: VariantParts, what: string, cause: unknown): NotCompilable {
  const reason = `${state.executor.name} does not ${what} its graph: ${asError(cause).message}`;
  return new NotCompilable(reason, { cause, program });
}

/** Some elements of every step's packed outputs as a tensor of their own. @param steps of a scan */
function column(
  data: Float32Array,
  steps: number | undefined,
  at: number,
  shape: readonly number[],
): HostTensor {
  const size = sizeOf(shape);
  if (steps === undefined) return { shape, data: data.slice(at, at + size) };
  const width = data.length / steps;
  const values = new Float32Array(steps * size);
  for (let k = 0; k < steps; k++) {
    for (let j = 0; j < size; j++) values[k * size + j] = data[k * width + at + j];
  }
  return { shape: [steps, ...shape], data: values };
}
