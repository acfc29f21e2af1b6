import type { Tensor } from '@tensorflow/tfjs-core';
import { asError, TroupeError, usageError } from '../../core/errors.ts';
import type { Compiled, Executor, HostTensor, Tree } from '../contract.ts';
import * as tf from '../ops.ts';
import { runPurely } from '../purity.ts';
import { mapTree } from '../trees.ts';
import { download } from './device.ts';
import { type Feeds, InputSignature } from './inputs.ts';
import { gatherRows, Stack } from './scan.ts';
import { DeviceState, releaseAllBut } from './state.ts';

type Trees<L> = Record<string, Tree<L>>;
export type Step = (args: Trees<Tensor>) => Trees<Tensor>;

/** Runs of a program that watch `Math.random`: the first may warm a cache that the second then draws for. */
const WATCHED_RUNS = 3;

/** A program that runs its step op by op, on the backend that `startEager` picked. */
export class EagerProgram {
  readonly state: DeviceState;
  readonly #name: string;
  readonly #step: Step;
  #inputs: InputSignature | undefined;
  #runs = 0;
  #disposed = false;

  constructor(name: string, step: Step, state: Trees<HostTensor>) {
    this.#name = name;
    this.#step = step;
    this.state = new DeviceState(name, state);
  }

  run(inputs: Feeds): Trees<HostTensor> {
    const before = this.state.leaves;
    const { after, outputs } = this.#once(before, inputs);
    this.state.commit(after);
    return outputs;
  }

  scan(rows: Trees<HostTensor>, whole: Feeds, indices: Int32Array, batch: number): Trees<HostTensor> {
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
    this.state.commit(leaves);
    return stack.trees;
  }

  dispose(): void {
    this.#disposed = true;
    this.state.dispose();
  }

  /** One run of the step over some state leaves: the leaves after it and what it put out. Nothing else survives. */
  #once(before: readonly Tensor[], inputs: Feeds) {
    if (this.#disposed) throw usageError(`${this.#name}: called after dispose()`);
    const signature = this.#inputs ?? new InputSignature(this.#name, inputs, name => this.state.has(name));
    const engine = tf.engine();
    engine.startScope(this.#name);
    try {
      const args = { ...this.state.trees(before), ...signature.upload(inputs) };
      const result = this.#call(args);
      const outputs: Trees<HostTensor> = {};
      for (const key in result) {
        if (this.state.has(key) || result[key] === undefined) continue;
        outputs[key] = mapTree(result[key], download, `${this.#name}: outputs.${key}`);
      }
      const after = this.state.next(before, result);
      // A first call that failed binds nobody.
      this.#inputs = signature;
      return { after, outputs };
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
}

/** The program as the function that callers see. */
export function asCompiled(program: EagerProgram, executor: Executor): unknown {
  const call = async (inputs: Feeds) => program.run(inputs);
  // Omit takes away the call signature, which `call` brings.
  type Members = Omit<Compiled<Trees<HostTensor>, Feeds, Trees<HostTensor>>, never>;
  const members: Members = {
    sync: inputs => program.run(inputs),
    scan: async ({ rows, whole }, indices, batch) =>
      program.scan(rows as Trees<HostTensor>, (whole ?? {}) as Feeds, indices, batch),
    state: program.state,
    executor,
    dispose: () => program.dispose(),
  };
  return Object.assign(call, members);
}
