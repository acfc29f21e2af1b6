import { usageError } from '../core/errors.ts';
import type {
  Compiled,
  CompiledState,
  Fed,
  Fetched,
  HostTensor,
  VerifyOptions,
  VerifyReport,
} from './contract.ts';
import { EagerProgram, type Step } from './eager/program.ts';
import { DeviceState } from './eager/state.ts';
import { initTensors, startExecutor } from './executors/choose.ts';
import type { GraphExecutor } from './executors/contract.ts';
import { type Rivals, rivalsHere } from './executors/measure.ts';
import type { Feeds, HostTrees, Program } from './programs/contract.ts';
import { FallbackProgram } from './programs/fallback.ts';
import { GraphProgram } from './programs/program.ts';
import { ProgramState } from './programs/state.ts';
import { verify } from './programs/verify.ts';

/** The initial values of the arguments that are state: the same trees, with host tensors. */
export type Hosted<T> = T extends { readonly dataId: object }
  ? HostTensor
  : T extends readonly (infer E)[]
    ? readonly Hosted<E>[]
    : { readonly [K in keyof T]: Hosted<T[K]> };

/** What `compile` takes beside the step and its state. */
export interface CompileOptions {
  /** For error messages. Default: the step's own name. */
  readonly name?: string;
  /**
   * What runs it, e.g. `onnx-webgpu`. Default: that of the state it shares, else this thread's own. `auto` (and a thread
   * that runs on `auto`): where there is a GPU, the first call finds out whether the program is faster there.
   */
  readonly executor?: string;
  /** Refuse a step that cannot be compiled; by default it then runs op by op, and a warning says so. */
  readonly strict?: boolean;
}

/** The entries of a shared state that a step takes but in another form. */
export type Mismatched<A, S> = {
  [P in keyof A & keyof S]: S[P] extends Hosted<A[P]> ? never : P;
}[keyof A & keyof S];

/**
 * Turns a step into a program that owns its state: forward, backward and optimiser as one graph.
 *
 * A step is a pure, synchronous function of trees of tensors. It receives its state and its inputs as one object,
 * `{ ...state, ...inputs }`, and returns `{ ...newState, ...outputs }`; state that it does not return stays. It must
 * not draw random numbers (randomness is an input), depend on anything that changes between calls, or read a tensor's
 * values. It runs once for each set of input shapes, to be recorded; names and dtypes of the first call hold for all.
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
  options?: CompileOptions & {
    /** The arguments that the program keeps on the device between calls, with their initial values. Default: none. */
    readonly state?: { readonly [P in K]: Hosted<A[P]> };
  },
): Promise<Compiled<{ readonly [P in K]: Hosted<A[P]> }, Fed<Omit<A, K>>, Fetched<Omit<R, K>>>>;
/**
 * The same with the state of another program, to share: what one of them changes the others see, and nothing is copied.
 * A step need not take all of it.
 *
 * @example
 * const norm = await compile(({ w }: { w: Tensor }) => ({ norm: tf.norm(w) }), { state: update.state });
 */
export async function compile<A extends object, R extends object, S extends object>(
  step: (args: A) => R,
  options: CompileOptions & {
    readonly state: CompiledState<S> & ([Mismatched<A, S>] extends [never] ? unknown : never);
  },
): Promise<Compiled<S, Fed<Omit<A, keyof S>>, Fetched<Omit<R, keyof S>>>>;
export async function compile(
  step: (args: never) => object,
  options: CompileOptions & { readonly state?: object } = {},
): Promise<unknown> {
  const name = options.name ?? (step.name || 'program');
  const untyped = step as unknown as Step;
  return asFunction(name, untyped, await makeProgram(name, untyped, options));
}

async function makeProgram(
  name: string,
  step: Step,
  options: CompileOptions & { readonly state?: object },
): Promise<Program> {
  const { state = {}, strict = false } = options;
  if (state instanceof ProgramState) {
    return graphProgram(name, step, new GraphProgram(name, step, state, false), strict);
  }
  const executor = await (options.executor === undefined ? initTensors() : startExecutor(options.executor));
  if (state instanceof DeviceState || executor.graph === undefined) {
    return new EagerProgram(name, step, state as HostTrees | DeviceState, executor);
  }
  const rivals = executor.auto ? rivalsHere() : undefined;
  return programOn(executor.graph, name, step, state as HostTrees, strict, rivals);
}

function programOn(
  executor: GraphExecutor,
  name: string,
  step: Step,
  state: HostTrees,
  strict: boolean,
  rivals: Rivals | undefined,
) {
  const own = new ProgramState(name, state, executor, rivals);
  return graphProgram(name, step, new GraphProgram(name, step, own, true), strict);
}

/**
 * `compile` for an executor that is at hand already, and types that the caller knows.
 * @param rivals those that may be faster: the first call finds out
 */
export function compileOn<S extends HostTrees, In extends Feeds, Out>(
  executor: GraphExecutor,
  step: Step,
  {
    name = 'program',
    state,
    strict = false,
    rivals,
  }: { name?: string; state: S; strict?: boolean; rivals?: Rivals },
): Compiled<S, In, Out> {
  const program = programOn(executor, name, step, state, strict, rivals);
  return asFunction(name, step, program) as Compiled<S, In, Out>;
}

const graphProgram = (name: string, step: Step, program: GraphProgram, strict: boolean): Program =>
  strict ? program : new FallbackProgram(name, step, program);

/** The program as the function that callers see. */
function asFunction(name: string, step: Step, program: Program): unknown {
  // Omit takes away the call signature, which the function itself brings.
  type Members = Omit<Compiled<HostTrees, Feeds, HostTrees>, 'executor'>;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    program.state instanceof ProgramState ? program.state.inTurn(work) : work();
  const members: Members = {
    sync: inputs => program.runSync(inputs),
    scan: ({ rows, whole }, indices, batch) =>
      inTurn(() => program.scan(rows as HostTrees, (whole ?? {}) as Feeds, indices, batch)),
    verify: async (steps, inputs, settings?: VerifyOptions): Promise<VerifyReport> => {
      if (program.state instanceof ProgramState) {
        return verify(name, step, program.state, steps, inputs, settings);
      }
      throw usageError(`${name}: verify: it runs op by op (${program.executor.reason}): nothing to compare`);
    },
    state: program.state as CompiledState<HostTrees>,
    dispose: () => program.dispose(),
  } as Members;
  const call = async (inputs: Feeds) => inTurn(() => program.run(inputs));
  return Object.defineProperty(Object.assign(call, members), 'executor', { get: () => program.executor });
}
