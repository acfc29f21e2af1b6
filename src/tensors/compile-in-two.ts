import { usageError } from '../core/errors.ts';
import type { CompileOptions, Hosted, Mismatched } from './compile.ts';
import type { CompiledState, Executor, Fed, Fetched } from './contract.ts';
import type { Step } from './eager/program.ts';
import { DeviceState } from './eager/state.ts';
import { initTensors, startExecutor } from './executors/choose.ts';
import { rivalsHere } from './executors/measure.ts';
import type { Feeds, HostTrees } from './programs/contract.ts';
import { FallbackInTwo } from './programs/fallback-in-two.ts';
import { JointInTwo } from './programs/joint-in-two.ts';
import type { Kept } from './programs/kept.ts';
import type { CutNames } from './programs/late.ts';
import { ProgramState } from './programs/state.ts';
import { GraphInTwo, type InTwo, type PhaseCosts } from './programs/two-phase.ts';

export type { Work } from './graph/work.ts';
export type { Kept } from './programs/kept.ts';
export type { PhaseCosts } from './programs/two-phase.ts';

/** A step in two calls, as `compileInTwo` makes it. */
export interface TwoPhase<S, In, Late, Early, Rest> {
  /**
   * Computes the early outputs. The state does not change. The same inputs give the same bits, and what is kept has them
   * too: to throw it away and to call this again is as good as to keep it.
   */
  first(inputs: In): Promise<{ readonly outputs: Early; readonly kept: Kept }>;
  /**
   * Computes the rest, and moves the state on where the step returns some. Any number of `first` may come before the
   * `second` of the first of them, in any order; each kept one is used once.
   * @throws where state that `first` read has been written since; what only `second` reads and writes, such as a sum of
   *   gradients, may have changed. An entry of small tensors counts as one: keep such sums in entries of their own.
   */
  second(kept: Kept, late: Late): Promise<Rest>;
  /**
   * What the two calls take for inputs of these shapes, and what is kept between them, counted in the graphs; nothing is run.
   * For cutting a net where the halves are even. `undefined` where no graph can be made of the step.
   */
  costs(inputs: In): Promise<PhaseCosts | undefined>;
  readonly state: CompiledState<S>;
  /** Which executor runs it, and why. */
  readonly executor: Executor;
  /** Frees what the program holds on the device. Calls after it fail; what was kept has to be disposed of by itself. */
  dispose(): void;
}

/** How a step is cut in two. */
export interface CutOptions<A, L extends keyof A, E extends PropertyKey, In> extends CompileOptions {
  /** Inputs that are known only later, e.g. the gradient of an output. */
  readonly late: readonly L[];
  /** Outputs wanted at once. They must not depend on late inputs. */
  readonly early: readonly E[];
  /**
   * What a late input looks like where the others are these; the values do not matter. Default: float32, like the early
   * output at the same place of its list. To find out what that looks like, the step is recorded with a scalar in its place
   * first: where it does not broadcast to what is needed, this has to be given.
   */
  readonly like?: { readonly [P in L]?: (inputs: In) => Fed<A[P]> };
}

/**
 * Turns a step into a program of two calls, cut at inputs that are known only later: a stage of a pipeline gives its
 * output now, and goes on when the gradient of that output arrives (GPipe, Huang et al., 2019). The step is written as one
 * (see `compile`), and its graph is cut so that what has to be kept between the calls takes the fewest bytes, without
 * computing a product, a convolution or a sum again: a dense layer with a relu keeps its input and its output.
 *
 * Where no graph can be made of a step, `first` runs all of it with zeros for the late inputs, keeps the inputs (`bytes`
 * is 0), and `second` runs all of it again, from the state as it then is.
 *
 * @example
 * const stage = await compileInTwo(
 *   ({ w, x, dy }: Record<'w' | 'x' | 'dy', Tensor>) => {
 *     const { y, gradient } = valueAndGrad(
 *       p => {
 *         const y = tf.relu(tf.matMul(x, p));
 *         return { loss: tf.sum(tf.mul(y, dy)), y };
 *       },
 *       w,
 *     );
 *     return { y, gradient };
 *   },
 *   { state: { w: hostZeros([4, 4]) }, late: ['dy'], early: ['y'] },
 * );
 * const { outputs, kept } = await stage.first({ x });
 * const { gradient } = await stage.second(kept, { dy });
 */
export async function compileInTwo<
  A extends object,
  R extends object,
  L extends Exclude<keyof A, K>,
  E extends Exclude<keyof R, K>,
  K extends keyof A = never,
>(
  step: (args: A) => R,
  options: CutOptions<A, L, E, Fed<Omit<A, K | L>>> & {
    /** As `compile` takes it. */
    readonly state?: { readonly [P in K]: Hosted<A[P]> };
  },
): Promise<
  TwoPhase<
    { readonly [P in K]: Hosted<A[P]> },
    Fed<Omit<A, K | L>>,
    Fed<Pick<A, L>>,
    Fetched<Pick<R, E>>,
    Fetched<Omit<R, K | E>>
  >
>;
/** The same with the state of another program, to share. */
export async function compileInTwo<
  A extends object,
  R extends object,
  L extends Exclude<keyof A, keyof S>,
  E extends Exclude<keyof R, keyof S>,
  S extends object,
>(
  step: (args: A) => R,
  options: CutOptions<A, L, E, Fed<Omit<A, keyof S | L>>> & {
    readonly state: CompiledState<S> & ([Mismatched<A, S>] extends [never] ? unknown : never);
  },
): Promise<
  TwoPhase<S, Fed<Omit<A, keyof S | L>>, Fed<Pick<A, L>>, Fetched<Pick<R, E>>, Fetched<Omit<R, keyof S | E>>>
>;
export async function compileInTwo(step: (args: never) => object, given: object): Promise<unknown> {
  const options = given as CompileOptions & CutNames & { readonly state?: object };
  const name = options.name ?? (step.name || 'program');
  const { late, early, like = {} } = options;
  const { program, state, own } = await makeInTwo(
    name,
    step as unknown as Step,
    { late, early, like },
    options,
  );
  checkNames(name, { late, early, like }, state);
  return inTurns(name, late, program, state, own);
}

async function makeInTwo(
  name: string,
  step: Step,
  cut: CutNames,
  options: CompileOptions & { readonly state?: object },
): Promise<{ readonly program: InTwo; readonly state: ProgramState | DeviceState; readonly own: boolean }> {
  const { state = {}, strict = false } = options;
  const own = !(state instanceof ProgramState || state instanceof DeviceState);
  const onGraphs = (held: ProgramState) => {
    const graph = new GraphInTwo(name, step, cut, held, own);
    return { program: strict ? graph : new FallbackInTwo(name, step, cut, graph), state: held, own };
  };
  if (state instanceof ProgramState) return onGraphs(state);
  const executor = await (options.executor === undefined ? initTensors() : startExecutor(options.executor));
  if (state instanceof DeviceState || executor.graph === undefined) {
    const held = state instanceof DeviceState ? state : new DeviceState(name, state as HostTrees);
    return { program: new JointInTwo(name, step, cut, held, executor), state: held, own };
  }
  const rivals = executor.auto ? rivalsHere() : undefined;
  return onGraphs(new ProgramState(name, state as HostTrees, executor.graph, rivals));
}

function checkNames(name: string, { late, early, like }: CutNames, state: ProgramState | DeviceState): void {
  for (const one of [...late, ...early]) {
    if (state.has(one))
      throw usageError(`${name}: ${one}: expected an input or an output, got the state of this name`);
  }
  late.forEach((one, i) => {
    if (like[one] !== undefined || early[i] !== undefined) return;
    throw usageError(
      `${name}: late: ${one}: expected an early output at the same place, which it looks like, or \`like.${one}\``,
    );
  });
}

/** The program as callers see it: its calls come one after the other. */
function inTurns(
  name: string,
  late: readonly string[],
  program: InTwo,
  state: ProgramState | DeviceState,
  own: boolean,
): TwoPhase<HostTrees, Feeds, Feeds, HostTrees, HostTrees> {
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    state instanceof ProgramState ? state.inTurn(work) : work();
  const early = (call: string, inputs: Feeds): Feeds => {
    const known = late.find(one => inputs[one] !== undefined);
    if (known === undefined) return inputs;
    throw usageError(`${name}: ${call}: inputs.${known}: known only later; expected it in second`);
  };
  return {
    first: async inputs => inTurn(() => program.first(early('first', inputs))),
    second: async (kept, given) => inTurn(() => program.second(kept, given)),
    costs: async inputs => inTurn(() => program.costs(early('costs', inputs))),
    state: state as CompiledState<HostTrees>,
    get executor() {
      return program.executor;
    },
    dispose() {
      program.dispose();
      if (own) state.dispose();
    },
  };
}
