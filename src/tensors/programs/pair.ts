import { usageError } from '../../core/errors.ts';
import { bytesOfValue, dependingOn } from '../graph/crossing.ts';
import { workOfGraph } from '../graph/work.ts';
import type { TracedStep } from '../trace/trace.ts';
import { type Halves, halvesOf, outputRanges } from './halves.ts';
import { type CutNames, type LateForm, missingOutput } from './late.ts';
import type { ProgramState } from './state.ts';
import type { PhaseCosts } from './two-phase.ts';
import { Variant, type VariantParts } from './variant.ts';
import { wireStep } from './wiring.ts';

/** The two halves of a step for inputs of certain shapes, loaded as long as they are wanted. */
export class Pair {
  readonly late: LateForm;
  /** The place of the first late leaf among the leaves of all inputs. */
  readonly firstLate: number;
  /** Of what crosses. */
  readonly bytes: number;
  /** Which leaves of the inputs, the late ones left out, the second half reads. */
  readonly inputs: readonly number[];
  /** Of these. */
  readonly inputBytes: number;
  readonly #parts: readonly [first: VariantParts, second: VariantParts];
  readonly #loaded: [first: Variant | undefined, second: Variant | undefined] = [undefined, undefined];

  constructor(program: string, state: ProgramState, joint: TracedStep, names: CutNames, late: LateForm) {
    this.late = late;
    this.firstLate = joint.inputs.length - late.specs.length;
    const lateValues = new Set(joint.inputs.slice(this.firstLate));
    checkEarly(program, joint, names.early, late);
    const { first, second, bytes } = halvesOf(joint, new Set(names.early), lateValues);
    const parts = ({ traced, crossing }: Halves['first']): VariantParts => ({
      program,
      state,
      traced,
      wired: wireStep(traced, state.segments, crossing),
    });
    this.#parts = [parts(first), parts(second)];
    this.bytes = bytes;
    const { packed, alone } = this.#parts[1].wired.inputs;
    this.inputs = [...packed, ...alone].filter(i => i < this.firstLate);
    this.inputBytes = this.inputs.reduce((sum, i) => sum + bytesOfValue(joint.inputs[i]), 0);
  }

  get costs(): PhaseCosts {
    const [first, second] = this.#parts.map(({ wired }) => workOfGraph(wired.graph));
    return { first, second, bytes: this.bytes, inputBytes: this.inputBytes };
  }

  get first(): Promise<Variant> {
    return this.#variant(0);
  }

  get second(): Promise<Variant> {
    return this.#variant(1);
  }

  /** Whether the second half has run already. */
  get secondRan(): boolean {
    return this.#loaded[1]?.ran ?? false;
  }

  /** Frees the sessions; they are loaded again where somebody still wants them. */
  release(): void {
    for (const half of [0, 1] as const) {
      this.#loaded[half]?.release();
      this.#loaded[half] = undefined;
    }
  }

  async #variant(half: 0 | 1): Promise<Variant> {
    const known = this.#loaded[half];
    if (known) return known;
    const loaded = await Variant.load(this.#parts[half]);
    this.#loaded[half] = loaded;
    return loaded;
  }
}

/** @throws where an early output is none, or depends on a late input */
function checkEarly(program: string, joint: TracedStep, early: readonly string[], late: LateForm): void {
  const first = joint.inputs.length - late.specs.length;
  const ranges = outputRanges(joint.outputs);
  const dependent = late.names.map((_, i) => dependingOn(joint.graph, new Set([joint.inputs[first + i]])));
  for (const name of early) {
    const range = ranges.find(([other]) => other === name);
    if (range === undefined) throw missingOutput(program, joint, name);
    const values = joint.outputs.values.slice(range[1], range[2]);
    const at = dependent.findIndex(found => values.some(value => found.has(value)));
    if (at < 0) continue;
    throw usageError(
      `${program}: early: ${name} depends on the late input ${late.names[at]}; expected outputs that can be had without it`,
    );
  }
}
