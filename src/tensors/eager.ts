import type { Tensor } from '@tensorflow/tfjs';
import { asError, TroupeError, usageError } from '../core/errors.ts';
import type { Compiled, Executor, HostTensor, Tree } from './contract.ts';
import { checkFilled, checkLeaf, download, type LeafSpec, upload } from './device.ts';
import { dtypeOfHost, hostScalar } from './host.ts';
import * as tf from './ops.ts';
import { runPurely } from './purity.ts';
import { gatherRows, Stack } from './scan.ts';
import { DeviceState, releaseAllBut } from './state.ts';
import { leavesAlong, mapTree, treeLike, visitTree } from './trees.ts';

type Trees<L> = Record<string, Tree<L>>;
export type Step = (args: Trees<Tensor>) => Trees<Tensor>;

/** Runs of a program that watch `Math.random`: the first may warm a cache that the second then draws for. */
const WATCHED_RUNS = 3;

/** A program that runs its step op by op, on the backend that `initTensors` picked. */
export class EagerProgram {
  readonly state: DeviceState;
  readonly #name: string;
  readonly #step: Step;
  #inputs: { like: Trees<HostTensor | number>; specs: readonly LeafSpec[] } | undefined;
  #runs = 0;
  #disposed = false;

  constructor(name: string, step: Step, state: Trees<HostTensor>) {
    this.#name = name;
    this.#step = step;
    this.state = new DeviceState(name, state);
  }

  run(inputs: Trees<HostTensor | number>): Trees<HostTensor> {
    const before = this.state.leaves;
    const { after, outputs } = this.#once(before, inputs);
    this.state.commit(after);
    return outputs;
  }

  scan(
    rows: Trees<HostTensor>,
    whole: Trees<HostTensor | number>,
    indices: Int32Array,
    batch: number,
  ): Trees<HostTensor> {
    const steps = indices.length / batch;
    if (!(Number.isInteger(batch) && batch > 0 && Number.isInteger(steps) && steps > 0)) {
      throw usageError(
        `${this.#name}: scan: expected a multiple of the batch (${batch}) of indices, got ${indices.length}`,
      );
    }
    const first = this.state.leaves;
    let leaves = first;
    const stack = new Stack(steps);
    try {
      for (let k = 0; k < steps; k++) {
        const chosen = indices.subarray(k * batch, (k + 1) * batch);
        const gathered = gatherRows(rows, chosen, `${this.#name}: scan rows`);
        const { after, outputs } = this.#once(leaves, { ...gathered, ...whole });
        if (leaves !== first) releaseAllBut([...first, ...after], leaves);
        leaves = after;
        stack.push(outputs);
      }
    } catch (error) {
      releaseAllBut(first, leaves);
      throw error;
    }
    this.state.commit([...leaves]);
    return stack.trees;
  }

  dispose(): void {
    this.#disposed = true;
    this.state.dispose();
  }

  /** One run of the step over some state leaves: the leaves after it and what it put out. Nothing else survives. */
  #once(before: readonly Tensor[], inputs: Trees<HostTensor | number>) {
    if (this.#disposed) throw usageError(`${this.#name}: called after dispose()`);
    const feeds = this.#checkInputs(inputs);
    const engine = tf.engine();
    let after: Tensor[] | undefined;
    engine.startScope(this.#name);
    try {
      const args = { ...this.state.trees(before), ...this.#upload(feeds) };
      const result = this.#call(args);
      after = this.state.next(before, result);
      const outputs: Trees<HostTensor> = {};
      for (const key in result) {
        if (!this.state.has(key)) outputs[key] = mapTree(result[key], download);
      }
      return { after, outputs };
    } catch (error) {
      if (after) releaseAllBut(before, after);
      throw error;
    } finally {
      engine.endScope();
    }
  }

  #call(args: Trees<Tensor>): Trees<Tensor> {
    const watched = this.#runs++ < WATCHED_RUNS;
    let result: unknown;
    try {
      result = runPurely(this.#name, watched, () => this.#step(args));
    } catch (thrown) {
      const error = asError(thrown);
      const kind = error instanceof TroupeError ? error.kind : 'failure';
      throw new TroupeError(`${this.#name}: ${error.message}`, { kind, cause: thrown });
    }
    if (result instanceof Promise) {
      result.catch(() => {});
      throw usageError(`${this.#name}: expected a synchronous step, got one that returns a Promise`);
    }
    if (typeof result !== 'object' || result === null) {
      throw usageError(`${this.#name}: expected the step to return an object of trees, got ${typeof result}`);
    }
    return result as Trees<Tensor>;
  }

  /** The leaves of the inputs in the order of the first call, whose shapes and dtypes hold from then on. */
  #checkInputs(inputs: Trees<HostTensor | number>): HostTensor[] {
    this.#inputs ??= this.#describeInputs(inputs);
    const known = this.#inputs;
    const leaves = leavesAlong<HostTensor | number>(known.like, inputs, `${this.#name}: inputs`);
    return leaves.map((leaf, i) => {
      const host = typeof leaf === 'number' ? hostScalar(leaf) : leaf;
      const spec = known.specs[i];
      checkLeaf(spec, host.shape, dtypeOfHost(host), 'as in the first call');
      return checkFilled(host, spec.path);
    });
  }

  #describeInputs(inputs: Trees<HostTensor | number>) {
    const specs: LeafSpec[] = [];
    for (const name of Object.keys(inputs)) {
      if (this.state.has(name)) throw usageError(`${this.#name}: inputs.${name}: is a state entry already`);
    }
    visitTree<HostTensor | number>(
      inputs,
      (leaf, path) => {
        const host = typeof leaf === 'number' ? hostScalar(leaf) : leaf;
        checkFilled(host, path);
        specs.push({ path, shape: [...host.shape], dtype: dtypeOfHost(host) });
      },
      `${this.#name}: inputs`,
    );
    // Only the form is needed later: holding the first inputs themselves would hold their memory.
    return { like: mapTree<HostTensor | number, number>(inputs, () => 0) as Trees<number>, specs };
  }

  #upload(feeds: readonly HostTensor[]): Trees<Tensor> {
    return treeLike(this.#inputs!.like, feeds.map(upload)) as Trees<Tensor>;
  }
}

/** The program as the function that callers see. */
export function asCompiled(program: EagerProgram, executor: Executor): unknown {
  type Inputs = Trees<HostTensor | number>;
  const call = async (inputs: Inputs) => program.run(inputs);
  const members: Omit<Compiled<Trees<HostTensor>, Inputs, Trees<HostTensor>>, never> = {
    sync: inputs => program.run(inputs),
    scan: async ({ rows, whole }, indices, batch) =>
      program.scan(rows as Trees<HostTensor>, (whole ?? {}) as Inputs, indices, batch),
    state: program.state,
    executor,
    dispose: () => program.dispose(),
  };
  return Object.assign(call, members);
}
