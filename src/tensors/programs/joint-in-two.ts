import { usageError } from '../../core/errors.ts';
import type { Executor, HostTensor, Tree } from '../contract.ts';
import { EagerProgram, type Step } from '../eager/program.ts';
import type { DeviceState } from '../eager/state.ts';
import { bytesPerElement } from '../graph/values.ts';
import { dtypeOfHost } from '../host.ts';
import { isLeaf, leavesOf, visitTree } from '../trees.ts';
import type { Feeds, HostTrees, Program } from './contract.ts';
import { FallbackProgram } from './fallback.ts';
import { type Kept, KeptTensors, ownKept } from './kept.ts';
import type { CutNames } from './late.ts';
import { GraphProgram } from './program.ts';
import { ProgramState } from './state.ts';
import type { InTwo } from './two-phase.ts';

/**
 * A step that no graph can be made of, in two calls: the first runs all of it, with zeros for the late inputs, for the
 * sake of the early outputs, and keeps the inputs; the second runs all of it again.
 */
export class JointInTwo implements InTwo {
  readonly #name: string;
  readonly #cut: CutNames;
  readonly #first: Program;
  readonly #second: Program;
  #compared = false;

  constructor(
    name: string,
    step: Step,
    cut: CutNames,
    state: ProgramState | DeviceState,
    executor: Executor,
  ) {
    this.#name = name;
    this.#cut = cut;
    const early = new Set(cut.early);
    const program = (part: Step): Program =>
      state instanceof ProgramState
        ? new FallbackProgram(name, part, new GraphProgram(name, part, state, false))
        : new EagerProgram(name, part, state, executor);
    this.#first = program(args => {
      const outputs = step(args);
      for (const one of cut.early) {
        if (outputs[one] !== undefined) continue;
        const names = Object.keys(outputs).join(', ') || 'none';
        throw usageError(`early: expected outputs of the step (${names}), got ${one}`);
      }
      return Object.fromEntries(cut.early.map(one => [one, outputs[one]]));
    });
    this.#second = program(args =>
      Object.fromEntries(Object.entries(step(args)).filter(([one]) => !early.has(one))),
    );
  }

  get executor(): Executor {
    return this.#first.executor;
  }

  async first(inputs: Feeds): Promise<{ readonly outputs: HostTrees; readonly kept: Kept }> {
    const outputs = await this.#first.run({ ...inputs, ...this.#lateLike(inputs, 0) });
    if (!this.#compared && this.#cut.late.length > 0) {
      this.#checkSame(outputs, await this.#first.run({ ...inputs, ...this.#lateLike(inputs, 1) }));
      this.#compared = true;
    }
    const inputBytes = leavesOf<HostTensor | number>(inputs).reduce<number>(
      (sum, leaf) => sum + bytesOf(leaf),
      0,
    );
    return { outputs, kept: new KeptTensors(this, { bytes: 0, inputBytes }, inputs) };
  }

  async second(kept: Kept, late: Feeds): Promise<HostTrees> {
    const own = ownKept<Feeds>(kept, this, this.#name);
    const outputs = await this.secondOf(own.open(this.#name), late);
    own.dispose();
    return outputs;
  }

  /** The second half from all inputs. */
  secondOf(inputs: Feeds, late: Feeds): Promise<HostTrees> {
    return this.#second.run({ ...inputs, ...late });
  }

  async costs(): Promise<undefined> {
    return undefined;
  }

  dispose(): void {
    this.#first.dispose();
    this.#second.dispose();
  }

  /** Late inputs that are the same number everywhere; where nobody says what one looks like, a scalar. */
  #lateLike(inputs: Feeds, value: number): Feeds {
    const { late, like } = this.#cut;
    return Object.fromEntries(late.map(name => [name, filled(like[name]?.(inputs) ?? 0, value)]));
  }

  #checkSame(outputs: HostTrees, others: HostTrees): void {
    const leaves = new Map<string, HostTensor>();
    visitTree<HostTensor>(others, (leaf, path) => leaves.set(path, leaf));
    visitTree<HostTensor>(outputs, ({ data }, path) => {
      const other = leaves.get(path)?.data;
      if (other !== undefined && data.every((element, i) => Object.is(element, other[i]))) return;
      throw usageError(
        `${this.#name}: early: ${path} depends on a late input (${this.#cut.late.join(', ')}); expected outputs that can be had without it`,
      );
    });
  }
}

function filled(tree: Tree<HostTensor | number>, value: number): Tree<HostTensor | number> {
  if (typeof tree === 'number') return value;
  if (isLeaf(tree)) {
    const { shape, data } = tree as HostTensor;
    return { shape, data: data.slice().fill(value) };
  }
  const children = Object.entries(tree).map(([key, child]) => [key, filled(child, value)] as const);
  return Array.isArray(tree) ? children.map(([, child]) => child) : Object.fromEntries(children);
}

const bytesOf = (leaf: HostTensor | number): number =>
  typeof leaf === 'number' ? 4 : leaf.data.length * bytesPerElement[dtypeOfHost(leaf)];
