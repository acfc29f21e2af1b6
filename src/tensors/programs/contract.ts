import type { CompiledState, Executor, HostTensor, Tree } from '../contract.ts';

/** What a caller passes: a number is a float32 scalar. */
export type Feeds = Record<string, Tree<HostTensor | number>>;
export type HostTrees = Record<string, Tree<HostTensor>>;

/** What runs behind a compiled function, whatever executes it. Asynchronous calls come one at a time (`ProgramState.inTurn`). */
export interface Program {
  readonly executor: Executor;
  readonly state: CompiledState<HostTrees>;
  run(inputs: Feeds): Promise<HostTrees>;
  runSync(inputs: Feeds): HostTrees;
  scan(rows: HostTrees, whole: Feeds, indices: Int32Array, batch: number): Promise<HostTrees>;
  dispose(): void;
}
