import { asError } from '../../core/errors.ts';
import type { Executor } from '../contract.ts';
import type { Step } from '../eager/program.ts';
import { NotCompilable } from '../trace/not-compilable.ts';
import type { Feeds, HostTrees } from './contract.ts';
import { JointInTwo } from './joint-in-two.ts';
import { type Held, type Kept, KeptTensors, ownKept } from './kept.ts';
import type { CutNames } from './late.ts';
import type { Pair } from './pair.ts';
import type { GraphInTwo, InTwo, PhaseCosts } from './two-phase.ts';

/** A step in two graphs, and whole in each call from the first time on that this turns out to be impossible. */
export class FallbackInTwo implements InTwo {
  readonly #name: string;
  readonly #step: Step;
  readonly #cut: CutNames;
  readonly #graph: GraphInTwo;
  #joint: JointInTwo | undefined;

  constructor(name: string, step: Step, cut: CutNames, graph: GraphInTwo) {
    this.#name = name;
    this.#step = step;
    this.#cut = cut;
    this.#graph = graph;
  }

  get executor(): Executor {
    return this.#joint?.executor ?? this.#graph.executor;
  }

  async first(inputs: Feeds): Promise<{ readonly outputs: HostTrees; readonly kept: Kept }> {
    if (this.#joint) return this.#joint.first(inputs);
    try {
      return await this.#graph.first(inputs);
    } catch (error) {
      return this.#fallBack(error).first(inputs);
    }
  }

  async second(kept: Kept, late: Feeds): Promise<HostTrees> {
    if (this.#joint && kept instanceof KeptTensors && kept.owner === this.#joint) {
      return this.#joint.second(kept, late);
    }
    const own = ownKept<Held<Pair>>(kept, this.#graph, this.#name);
    const { inputs } = own.open(this.#name);
    // The second half has run before: it can.
    if (inputs === undefined) return this.#graph.second(kept, late);
    let joint = this.#joint;
    if (joint === undefined) {
      try {
        return await this.#graph.second(kept, late);
      } catch (error) {
        joint = this.#fallBack(error);
      }
    }
    const outputs = await joint.secondOf(inputs, late);
    own.dispose();
    return outputs;
  }

  async costs(inputs: Feeds): Promise<PhaseCosts | undefined> {
    if (this.#joint) return undefined;
    try {
      return await this.#graph.costs(inputs);
    } catch (error) {
      this.#fallBack(error);
      return undefined;
    }
  }

  dispose(): void {
    this.#joint?.dispose();
    this.#graph.dispose();
  }

  /** @throws what it is given, where that says nothing against a graph */
  #fallBack(thrown: unknown): JointInTwo {
    const error = asError(thrown);
    if (!(error instanceof NotCompilable)) throw thrown;
    this.#graph.releaseVariants();
    const { state, executor } = this.#graph;
    this.#joint ??= new JointInTwo(this.#name, this.#step, this.#cut, state, executor);
    return this.#joint;
  }
}
