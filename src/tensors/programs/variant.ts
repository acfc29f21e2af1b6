import { sizeOf } from '../../core/arrays.ts';
import { asError } from '../../core/errors.ts';
import type { HostTensor, Tree } from '../contract.ts';
import type { DeviceTensor, GraphExecutor } from '../executors/contract.ts';
import { legalize } from '../onnx/dialects.ts';
import { onnxModel } from '../onnx/model.ts';
import { NotCompilable } from '../trace/not-compilable.ts';
import type { TracedStep } from '../trace/trace.ts';
import { treeLike } from '../trees.ts';
import { Feeder } from './feeds.ts';
import { lease, leaseSync, type SessionLease } from './sessions.ts';
import type { ProgramState } from './state.ts';
import type { Wired } from './wiring.ts';

type HostTrees = Record<string, Tree<HostTensor>>;

/** A program for inputs of certain shapes: a session, and how trees go in and come out. */
export class Variant {
  readonly #state: ProgramState;
  readonly #traced: TracedStep;
  readonly #wired: Wired;
  readonly #feeder: Feeder;
  readonly #lease: SessionLease;
  readonly #feeds: Record<string, DeviceTensor> = {};
  /** Some providers find out at the first run only that a node is beyond them. */
  #ran = false;

  private constructor(state: ProgramState, traced: TracedStep, wired: Wired, held: SessionLease) {
    this.#state = state;
    this.#traced = traced;
    this.#wired = wired;
    this.#lease = held;
    this.#feeder = new Feeder(state.executor, wired.inputs, traced.inputs);
  }

  static loadSync(state: ProgramState, traced: TracedStep, wired: Wired): Variant {
    const { executor } = state;
    const { model, options } = modelOf(executor, wired);
    return new Variant(
      state,
      traced,
      wired,
      clearly(executor, 'load', () => leaseSync(executor, model, options)),
    );
  }

  static async load(state: ProgramState, traced: TracedStep, wired: Wired): Promise<Variant> {
    const { executor } = state;
    const { model, options } = modelOf(executor, wired);
    const held = await clearlyAsync(executor, 'load', () => lease(executor, model, options));
    return new Variant(state, traced, wired, held);
  }

  runSync(leaves: readonly HostTensor[], more?: Readonly<Record<string, DeviceTensor>>): HostTrees {
    const feeds = this.#feed(leaves, more);
    const run = () => this.#lease.session.runSync!(feeds);
    const results = this.#ran ? run() : clearly(this.#state.executor, 'run', run);
    this.#ran = true;
    return this.#collect(results);
  }

  async run(
    leaves: readonly HostTensor[],
    more?: Readonly<Record<string, DeviceTensor>>,
  ): Promise<HostTrees> {
    const feeds = this.#feed(leaves, more);
    const run = () => this.#lease.session.run(feeds);
    const results = await (this.#ran ? run() : clearlyAsync(this.#state.executor, 'run', run));
    this.#ran = true;
    return this.#collect(results);
  }

  release(): void {
    this.#lease.release();
  }

  #feed(leaves: readonly HostTensor[], more?: Readonly<Record<string, DeviceTensor>>) {
    for (const segment of this.#wired.reads) this.#feeds[`S${segment}`] = this.#state.tensor(segment);
    this.#feeder.feed(leaves, this.#feeds);
    return more ? { ...this.#feeds, ...more } : this.#feeds;
  }

  /** Moves the state on and makes trees of what came out. */
  #collect(results: Readonly<Record<string, DeviceTensor>>): HostTrees {
    const { outputs, writes } = this.#wired;
    const leaves: HostTensor[] = [];
    const { values, form } = this.#traced.outputs;
    // The lengths of a scan's outputs: steps first.
    const packed = results['P_out'];
    if (packed) {
      const data = packed.data as Float32Array;
      const steps = packed.dims.length > 1 ? packed.dims[0] : undefined;
      let at = 0;
      for (const i of outputs.packed) {
        const { shape } = values[i];
        leaves[i] = column(data, steps, at, sizeOf(shape), shape);
        at += sizeOf(shape);
      }
    }
    for (const i of outputs.alone) {
      const { dims, data } = results[`o${i}`];
      leaves[i] = { shape: dims, data: data as Float32Array };
    }
    this.#state.commit(new Map(writes.map(segment => [segment, results[`T${segment}`]])));
    return treeLike(form, leaves) as HostTrees;
  }
}

function modelOf({ dialect }: GraphExecutor, { graph, writes }: Wired) {
  return {
    model: onnxModel(legalize(graph, dialect)),
    options: { onDevice: writes.map(segment => `T${segment}`) },
  };
}

/** Runs what may turn out to be beyond an executor. @throws NotCompilable where it is */
function clearly<T>(executor: GraphExecutor, what: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw beyond(executor, what, error);
  }
}

async function clearlyAsync<T>(executor: GraphExecutor, what: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    throw beyond(executor, what, error);
  }
}

const beyond = ({ name }: GraphExecutor, what: string, error: unknown): NotCompilable =>
  new NotCompilable(`${name} does not ${what} its graph: ${asError(error).message}`, { cause: error });

/** Some elements of every step's packed outputs as a tensor of their own. */
function column(
  data: Float32Array,
  steps: number | undefined,
  at: number,
  size: number,
  shape: readonly number[],
): HostTensor {
  if (steps === undefined) return { shape, data: data.slice(at, at + size) };
  const width = data.length / steps;
  const values = new Float32Array(steps * size);
  for (let k = 0; k < steps; k++) {
    for (let j = 0; j < size; j++) values[k * size + j] = data[k * width + at + j];
  }
  return { shape: [steps, ...shape], data: values };
}
