import { asError } from '../../core/errors.ts';
import type { Executor } from '../contract.ts';
import { eagerNow, startEager } from '../eager/backend.ts';
import { EagerProgram, type Step } from '../eager/program.ts';
import { NotCompilable } from '../trace/not-compilable.ts';
import type { Feeds, HostTrees, Program } from './contract.ts';
import type { GraphProgram } from './program.ts';
import type { ProgramState } from './state.ts';

/** Programs that were warned about: a policy is compiled over and over. */
const warned = new Set<string>();

/** A program that runs compiled, and op by op from the first time on that this turns out to be impossible. */
export class FallbackProgram implements Program {
  readonly #name: string;
  readonly #step: Step;
  readonly #graph: GraphProgram;
  #eager: EagerProgram | undefined;

  constructor(name: string, step: Step, graph: GraphProgram) {
    this.#name = name;
    this.#step = step;
    this.#graph = graph;
  }

  get state(): ProgramState {
    return this.#graph.state;
  }

  get executor(): Executor {
    return this.#eager?.executor ?? this.#graph.executor;
  }

  async run(inputs: Feeds): Promise<HostTrees> {
    return this.#either(
      () => this.#graph.run(inputs),
      eager => eager.run(inputs),
    );
  }

  runSync(inputs: Feeds): HostTrees {
    if (!this.#eager) {
      try {
        return this.#graph.runSync(inputs);
      } catch (error) {
        if (!(error instanceof NotCompilable)) throw error;
        this.#fallBack(error.reason, eagerNow());
      }
    }
    const eager = this.#eager!;
    eager.state.set(this.state.get());
    const outputs = eager.runSync(inputs);
    this.state.set(eager.state.get());
    return outputs;
  }

  async scan(rows: HostTrees, whole: Feeds, indices: Int32Array, batch: number): Promise<HostTrees> {
    return this.#either(
      () => this.#graph.scan(rows, whole, indices, batch),
      eager => eager.scan(rows, whole, indices, batch),
    );
  }

  dispose(): void {
    this.#eager?.dispose();
    this.#graph.dispose();
  }

  async #either<T>(compiled: () => Promise<T>, eagerly: (program: EagerProgram) => Promise<T>): Promise<T> {
    if (!this.#eager) {
      try {
        return await compiled();
      } catch (thrown) {
        const error = asError(thrown);
        if (!(error instanceof NotCompilable)) throw error;
        await this.state.fetch();
        this.#fallBack(error.reason, await startEager());
      }
    }
    // Others may share the state: it stays where they look for it.
    const eager = this.#eager!;
    await this.state.fetch();
    eager.state.set(this.state.get());
    const outputs = await eagerly(eager);
    this.state.set(eager.state.get());
    return outputs;
  }

  #fallBack(reason: string, executor: Executor): void {
    const { name } = this.#graph.executor;
    const own = { name: executor.name, reason: `${name} cannot run it: ${reason}` };
    this.#eager = new EagerProgram(this.#name, this.#step, this.state.get(), own);
    this.#graph.releaseVariants();
    if (warned.has(this.#name)) return;
    warned.add(this.#name);
    process.emitWarning(
      `${this.#name}: runs op by op on ${executor.name}, which is slower: ${reason}; compile with { strict: true } to refuse instead`,
      { code: 'TROUPE_FALLBACK' },
    );
  }
}
