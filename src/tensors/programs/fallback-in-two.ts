import { asError } from '../../core/errors.ts';
import type { Executor } from '../contract.ts';
import type { Step } from '../eager/program.ts';
import { NotCompilable } from '../trace/not-compilable.ts';
import type { Feeds, HostTrees } from './contract.ts';
import { JointInTwo } from './joint-in-two.ts';
import { type Held, type Kept, KeptTensors } from './kept.ts';
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
    const ofJoint = kept instanceof KeptTensors && kept.owner === this.#joint;
    if (this.#joint && ofJoint) return this.#joint.second(kept, late);
    try {
      return await this.#graph.second(kept, late);
    } catch (error) {
      // Only before the second half has ever run: all inputs are there still.
      const held = error instanceof NotCompilable && kept instanceof KeptTensors;
      const inputs = held ? (kept as KeptTensors<Held<Pair>>).open(this.#name).inputs : undefined;
      if (inputs === undefined) throw error;
      const outputs = await this.#fallBack(error).secondOf(inputs, late);
      kept.dispose();
      return outputs;
    }
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

  #fallBack(thrown: unknown): JointInTwo {
    const error = asError(thrown);
    if (!(error instanceof NotCompilable)) throw thrown;
    this.#graph.releaseVariants();
    this.#joint ??= new JointInTwo(
      this.#name,
      this.#step,
      this.#cut,
      this.#graph.state,
      this.#graph.executor,
    );
    return this.#joint;
  }
}
