import type { Tensor } from '@tensorflow/tfjs-core';
import { asError, TroupeError, usageError } from '../../core/errors.ts';
import type { Executor, HostTensor, Tree } from '../contract.ts';
import * as tf from '../ops.ts';
import type { Feeds, HostTrees, Program } from '../programs/contract.ts';
import { runPurely } from '../purity.ts';
import { Signature } from '../signature.ts';
import { mapTree, treeLike } from '../trees.ts';
import { download, upload } from './device.ts';
import { checkScan, gatherRows, Stack } from './scan.ts';
import { DeviceState, releaseAllBut } from './state.ts';

type Trees<L> = Record<string, Tree<L>>;
export type Step = (args: Trees<Tensor>) => Trees<Tensor>;

/** Runs of a program that watch `Math.random`: the first may warm a cache that the second then draws for. */
const WATCHED_RUNS = 3;

/** A program that runs its step op by op, on a backend of TensorFlow.js. */
export class EagerProgram implements Program {
  readonly state: DeviceState;
  readonly executor: Executor;
  readonly #ownsState: boolean;
  readonly #name: string;
  readonly #step: Step;
  #inputs: Signature | undefined;
  #runs = 0;
  #disposed = false;

  /** @param state initial values, or the state of another program, to share */
  constructor(name: string, step: Step, state: HostTrees | DeviceState, executor: Executor) {
    this.#name = name;
    this.#step = step;
    this.executor = { name: executor.name, reason: executor.reason };
    this.#ownsState = !(state instanceof DeviceState);
    this.state = state instanceof DeviceState ? state : new DeviceState(name, state);
  }

  async run(inputs: Feeds): Promise<HostTrees> {
    return this.runSync(inputs);
  }

  runSync(inputs: Feeds): HostTrees {
    const before = this.state.leaves;
    const { after, outputs } = this.#once(before, inputs);
    this.state.commit(after);
    return outputs;
  }

  async scan(rows: HostTrees, whole: Feeds, indices: Int32Array, batch: number): Promise<HostTrees> {
    const steps = checkScan(this.#name, rows, indices, batch);
    const first = this.state.leaves;
    let leaves = first;
    const stack = new Stack(steps);
    try {
      for (let k = 0; k < steps; k++) {
        const chosen = indices.subarray(k * batch, (k + 1) * batch);
        const gathered = gatherRows(rows, chosen);
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
    if (this.#ownsState) this.state.dispose();
  }

  /** One run of the step over some state leaves: the leaves after it and what it put out. Nothing else survives. */
  #once(before: readonly Tensor[], inputs: Feeds) {
    if (this.#disposed) throw usageError(`${this.#name}: called after dispose()`);
    const signature = this.#inputs ?? new Signature(this.#name, inputs, name => this.state.has(name));
    const engine = tf.engine();
    engine.startScope(this.#name);
    try {
      const args = {
        ...this.state.trees(before),
        ...(treeLike(signature.form, signature.leaves(inputs).map(upload)) as Trees<Tensor>),
      };
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
