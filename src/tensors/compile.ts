import type { Compiled, Fed, Fetched, HostTensor, Tree } from './contract.ts';
import { startEager } from './eager/backend.ts';
import { asCompiled, EagerProgram, type Step } from './eager/program.ts';

/** The initial values of the arguments that are state: the same trees, with host tensors. */
export type Hosted<T> = T extends { readonly dataId: object }
  ? HostTensor
  : T extends readonly (infer E)[]
    ? readonly Hosted<E>[]
    : { readonly [K in keyof T]: Hosted<T[K]> };

/** What `compile` takes beside the step. */
export interface CompileOptions<S> {
  /** The arguments that the program keeps on the device between calls, with their initial values. Default: none. */
  readonly state?: S;
  /** For error messages. Default: the step's own name. */
  readonly name?: string;
}

/**
 * Turns a step into a program that owns its state.
 *
 * A step is a pure, synchronous function of trees of tensors. It receives its state and its inputs as one object,
 * `{ ...state, ...inputs }`, and returns `{ ...newState, ...outputs }`; state that it does not return stays. It must
 * not draw random numbers (randomness is an input) nor depend on anything that changes between calls. The shapes and
 * dtypes of the first call hold for all later ones.
 *
 * @example
 * const update = await compile(
 *   ({ w, x }: { w: Tensor; x: Tensor }) => ({ w: tf.add(w, x), total: tf.sum(w) }),
 *   { state: { w: hostZeros([2]) } },
 * );
 * const { total } = await update({ x: hostTensor([2], [1, 2]) });
 */
export async function compile<A extends object, R extends object, K extends keyof A = never>(
  step: (args: A) => R,
  options: CompileOptions<{ readonly [P in K]: Hosted<A[P]> }> = {},
): Promise<Compiled<{ readonly [P in K]: Hosted<A[P]> }, Fed<Omit<A, K>>, Fetched<Omit<R, K>>>> {
  const executor = await startEager();
  const name = options.name ?? (step.name || 'program');
  const state = (options.state ?? {}) as Record<string, Tree<HostTensor>>;
  const program = new EagerProgram(name, step as unknown as Step, state);
  return asCompiled(program, executor) as Compiled<
    { readonly [P in K]: Hosted<A[P]> },
    Fed<Omit<A, K>>,
    Fetched<Omit<R, K>>
  >;
}
