import { usageError } from '../../core/errors.ts';
import type { HostTensor, VerifyOptions, VerifyReport } from '../contract.ts';
import { startEager } from '../eager/backend.ts';
import { EagerProgram, type Step } from '../eager/program.ts';
import { visitTree } from '../trees.ts';
import type { Feeds, HostTrees } from './contract.ts';
import { GraphProgram } from './program.ts';
import { ProgramState } from './state.ts';

/** Runs a step op by op and compiled, side by side (see `Compiled.verify`). @param state to start from */
export async function verify(
  name: string,
  step: Step,
  state: ProgramState,
  steps: number,
  inputs: Feeds | ((step: number) => Feeds),
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const tolerance = options.tolerance ?? (state.executor.dialect === 'cpu' ? 2e-5 : 2e-4);
  const executor = await startEager();
  const from = await state.inTurn(async () => {
    await state.fetch();
    return state.get() as HostTrees;
  });
  const eager = new EagerProgram(name, step, from, executor);
  const compiled = new GraphProgram(name, step, new ProgramState(name, from, state.executor), true);
  const scales = new Map<string, number>();
  let worst: VerifyReport['worst'] = { difference: 0, step: 0, path: '' };
  try {
    for (let k = 0; k < steps; k++) {
      const given = typeof inputs === 'function' ? inputs(k) : inputs;
      const expected = { outputs: await eager.run(given), state: eager.state.get() };
      const outputs = await compiled.run(given);
      await compiled.state.settle();
      const found = differences(expected, { outputs, state: compiled.state.get() }, scales);
      for (const one of found) if (one.difference > worst.difference) worst = { ...one, step: k };
      const first = found.find(({ difference }) => difference > tolerance);
      if (!first) continue;
      throw usageError(
        `${name}: verify: step ${k}: ${first.path} differs by ${first.difference.toExponential(2)} of its largest element: ${first.eager} on ${executor.name}, ${first.compiled} on ${state.executor.name}; expected at most ${tolerance}`,
      );
    }
  } finally {
    eager.dispose();
    compiled.dispose();
  }
  return { steps, worst };
}

interface Difference {
  readonly difference: number;
  readonly path: string;
  readonly eager: number;
  readonly compiled: number;
}

/** Below this, elements are rounding noise, and so are their differences. */
const FLOOR = 1e-6;

/**
 * The largest difference within each tensor, in the order of the trees.
 * @param scales the largest element that each tensor of the state has had so far: it is a sum of what went before, so its
 *   rounding errors do not shrink where the sum does, such as a bias that passes through zero
 */
function differences(
  eager: { readonly outputs: object; readonly state: object },
  compiled: object,
  scales: Map<string, number>,
): readonly Difference[] {
  const found: Difference[] = [];
  const leaves = new Map<string, HostTensor>();
  visitTree<HostTensor>(compiled, (leaf, path) => leaves.set(path, leaf));
  visitTree<HostTensor>(eager, ({ data }, path) => {
    const other = leaves.get(path)!.data;
    const ofState = path.startsWith('state');
    let scale = (ofState ? scales.get(path) : undefined) ?? FLOOR;
    for (const value of data) if (Math.abs(value) > scale) scale = Math.abs(value);
    if (ofState) scales.set(path, scale);
    let worst: Difference = { difference: 0, path, eager: 0, compiled: 0 };
    for (let i = 0; i < data.length; i++) {
      const [a, b] = [data[i], other[i]];
      if (Object.is(a, b)) continue;
      const difference = Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) / scale : Infinity;
      if (difference > worst.difference) worst = { difference, path, eager: a, compiled: b };
    }
    found.push(worst);
  });
  return found;
}
