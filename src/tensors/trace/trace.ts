import type { Tensor } from '@tensorflow/tfjs-core';
import { asError, TroupeError, usageError } from '../../core/errors.ts';
import type { Tree } from '../contract.ts';
import { GraphBuilder } from '../graph/builder.ts';
import type { Dtype, Graph, Value } from '../graph/values.ts';
import { checkLeaf, type LeafSpec } from '../leaf-spec.ts';
import { runPurely } from '../purity.ts';
import { leavesAlong, treeLike, visitTree } from '../trees.ts';
import { whileRecording } from './backend.ts';
import { NotCompilable } from './not-compilable.ts';

/** Trees of placeholders, and what each of their leaves looks like, in order. */
export interface TreeForm {
  readonly form: Readonly<Record<string, Tree<number>>>;
  readonly specs: readonly LeafSpec[];
}

/** A step as a graph: inputs `s0`, `s1`, … are the leaves of its state, `i0`, … those of its inputs. */
export interface TracedStep {
  readonly graph: Graph;
  readonly state: readonly Value[];
  readonly inputs: readonly Value[];
  /** Each state leaf after the step; what the step leaves as it is is the input itself. */
  readonly after: readonly Value[];
  readonly outputs: {
    readonly form: Readonly<Record<string, Tree<number>>>;
    readonly values: readonly Value[];
  };
}

type Step = (args: Record<string, Tree<Tensor>>) => unknown;

/** Runs a step once on tensors that stand for values to come, and keeps what it does as a graph. */
export function traceStep(name: string, step: Step, state: TreeForm, inputs: TreeForm): TracedStep {
  const g = new GraphBuilder();
  const symbolic = ({ specs }: TreeForm, prefix: string) =>
    specs.map(({ shape, dtype }, i) => g.input(`${prefix}${i}`, { shape, dtype: dtype as Dtype }));
  const before = symbolic(state, 's');
  const given = symbolic(inputs, 'i');
  return whileRecording(g, ({ tensor, valueFor }) => {
    const args = {
      ...(treeLike(state.form, before.map(tensor)) as Record<string, Tree<Tensor>>),
      ...(treeLike(inputs.form, given.map(tensor)) as Record<string, Tree<Tensor>>),
    };
    const result = call(name, step, args);
    const after = stateAfter(name, state, before, result, valueFor);
    const form: Record<string, Tree<number>> = {};
    const values: Value[] = [];
    for (const key in result) {
      if (key in state.form || result[key] === undefined) continue;
      const leaves: Tensor[] = [];
      visitTree<Tensor>(
        result[key],
        (leaf, path) => {
          if (typeof leaf === 'number' || !('dataId' in leaf)) {
            throw usageError(`${path}: expected a tensor of the device, got ${typeof leaf}`);
          }
          leaves.push(leaf);
        },
        `${name}: outputs.${key}`,
      );
      values.push(...leaves.map(valueFor));
      form[key] = treeLike(result[key], new Array(leaves.length).fill(0)) as Tree<number>;
    }
    const named: Record<string, Value> = {};
    after.forEach((value, i) => {
      if (value !== before[i]) named[`S${i}`] = value;
    });
    values.forEach((value, i) => {
      named[`o${i}`] = value;
    });
    return { graph: g.graph(named), state: before, inputs: given, after, outputs: { form, values } };
  });
}

/** The leaves of the state that a step returned, in order, checked; those that it did not return stay. */
function stateAfter(
  name: string,
  { form, specs }: TreeForm,
  before: readonly Value[],
  result: Record<string, unknown>,
  valueFor: (tensor: Tensor) => Value,
): readonly Value[] {
  const after: Value[] = [];
  for (const entry in form) {
    const count = leavesAlong<number>(form[entry], form[entry], '').length;
    const from = after.length;
    if (result[entry] === undefined) {
      after.push(...before.slice(from, from + count));
      continue;
    }
    const leaves = leavesAlong<Tensor>(form[entry], result[entry], `${name}: new state.${entry}`);
    leaves.forEach((leaf, i) => {
      checkLeaf(specs[from + i], leaf.shape, leaf.dtype, 'as in the initial state');
      after.push(valueFor(leaf));
    });
  }
  return after;
}

function call(name: string, step: Step, args: Record<string, Tree<Tensor>>): Record<string, unknown> {
  let result: unknown;
  try {
    result = runPurely(name, true, () => step(args));
  } catch (thrown) {
    const error = asError(thrown);
    if (error instanceof NotCompilable) throw error.of(name);
    const kind = error instanceof TroupeError ? error.kind : 'failure';
    throw new TroupeError(`${name}: ${error.message}`, { kind, cause: thrown });
  }
  if (result instanceof Promise) {
    result.catch(() => {});
    throw usageError(`${name}: expected a synchronous step, got one that returns a Promise`);
  }
  if (typeof result !== 'object' || result === null) {
    throw usageError(`${name}: expected the step to return an object of trees, got ${typeof result}`);
  }
  return result as Record<string, unknown>;
}
