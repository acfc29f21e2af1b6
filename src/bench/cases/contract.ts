import type { Random } from '../../core/random.ts';
import type { Compiled, CompileOptions } from '../../tensors/index.ts';
import { compile, type HostTensor, type Tensor, type Traced, type Tree } from '../../tensors/index.ts';

/** Trees by their names: a step's state, its inputs, its outputs. */
export type Trees<L> = Readonly<Record<string, Tree<L>>>;
/** What a step is fed. */
export type Inputs = Readonly<Record<string, HostTensor | number>>;

/** A training step (or a forward pass) of a size that learners meet, to be measured and to be held against others. */
export interface StudyCase {
  /** E.g. `MLP 8-64-64-2, batch 64`. */
  readonly name: string;
  /** Which step the peers in `bench/` run: their own writing of the same arithmetic, fed the same numbers. */
  readonly program: 'mlp' | 'ppo' | 'sac' | 'conv' | 'transformer' | 'rssm' | 'acting' | 'transformer-xl';
  /** The output to follow from step to step. */
  readonly watched: 'loss' | 'actions';
  /** Entries that no peer is given begin with `optimizer`: at zero, and each has its own. */
  state(random: Random): Trees<HostTensor>;
  inputs(random: Random): Inputs;
  readonly step: (args: Trees<Tensor>) => Trees<Tensor>;
  /** Measured as `scan` runs it: so many minibatches in one call. */
  readonly scan?: Scan;
  /** How many times as long others should take: stock tfjs, and PyTorch as it comes. */
  readonly bars?: { readonly stock: number; readonly torch: number };
}

/** Minibatches of `batch` rows, `steps` of them, gathered from the inputs `rows`. */
export interface Scan {
  readonly rows: readonly string[];
  readonly batch: number;
  readonly steps: number;
}

/** A program that `compileCase` made: its types are the caller's affair no more. */
export type CompiledCase = Compiled<Trees<HostTensor>, Inputs, Trees<HostTensor>>;

interface Definition<S extends object, I extends object> {
  readonly name: string;
  readonly program: StudyCase['program'];
  readonly watched?: StudyCase['watched'];
  state(random: Random): S;
  inputs(random: Random): I;
  step(args: Traced<S> & Traced<I>): object;
  readonly scan?: Omit<Scan, 'rows'> & { readonly rows: readonly (keyof I & string)[] };
}

/** A case whose step is held against the types of its state and inputs. Its watched output is `loss` by default. */
export const defineCase = <S extends object, I extends object>({
  watched = 'loss',
  ...definition
}: Definition<S, I>): StudyCase => ({ watched, ...definition }) as unknown as StudyCase;

/** The case's step as a program that starts with `state`. Options go to `compile` as they are. */
export const compileCase = async (
  { name, step }: StudyCase,
  state: Trees<HostTensor>,
  options: Omit<CompileOptions, 'name'> = {},
): Promise<CompiledCase> =>
  (await compile(step, { ...options, state, name } as object)) as unknown as CompiledCase;
