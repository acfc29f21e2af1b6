import { type CompiledCase, compileCase, type StudyCase } from '../../../src/bench/cases/index.ts';
import { scanOf } from '../../../src/bench/cases/scan.ts';
import { Random } from '../../../src/core/random.ts';
import { type HostTensor, mapTree } from '../../../src/tensors/index.ts';

// Uses no test runner, so that a process of its own can run it.

const STEPS = 50;

type Outputs = Readonly<Record<string, HostTensor>>;

/** A case's program on an executor, from the start that all have. */
async function started(one: StudyCase, executor: string) {
  const random = Random.fromSeed(1);
  const state = one.state(random);
  const inputs = one.inputs(random);
  const program = await compileCase(one, state, { executor, strict: true });
  return { program, state, inputs };
}

/** What a case gives in its first 50 steps on an executor. */
export async function lossesOf(one: StudyCase, executor: string): Promise<number[]> {
  const { program, inputs } = await started(one, executor);
  try {
    return await follow(one, program, inputs);
  } finally {
    program.dispose();
  }
}

async function follow(one: StudyCase, program: CompiledCase, inputs: ReturnType<StudyCase['inputs']>) {
  const losses: number[] = [];
  if (one.scan) {
    const { batch, indices, split } = scanOf(one, inputs, Random.fromSeed(2));
    while (losses.length < STEPS) {
      losses.push(...((await program.scan(split, indices, batch)) as Outputs)[one.watched].data);
    }
  }
  for (let k = 0; k < STEPS && !one.scan; k++) {
    losses.push(...((await program(inputs)) as Outputs)[one.watched].data);
  }
  return losses;
}

/** As `lossesOf`, but every parameter is changed by one unit in its last place, up or down, before the first step. */
export async function nudgedLossesOf(one: StudyCase, executor: string): Promise<number[]> {
  const { program, state, inputs } = await started(one, executor);
  const random = Random.fromSeed(3);
  const nudge = ({ shape, data }: HostTensor): HostTensor => ({
    shape,
    data: data.map(value => value * (1 + (random.integer(2) - 0.5) * 2 ** -22)),
  });
  program.state.set({ ...state, params: mapTree(state['params'], nudge) });
  const losses = await follow(one, program, inputs);
  program.dispose();
  return losses;
}

/** The losses of 50 steps on two executors, each step from the state that the first of them has come to. */
export async function lossesInStep(one: StudyCase, executors: readonly [string, string]) {
  const [leader, other] = [await started(one, executors[0]), await started(one, executors[1])];
  const losses: [number[], number[]] = [[], []];
  for (let k = 0; k < STEPS; k++) {
    other.program.state.set(leader.program.state.get());
    for (const [i, { program, inputs }] of [leader, other].entries()) {
      losses[i].push(...((await program(inputs)) as Outputs)[one.watched].data);
    }
  }
  leader.program.dispose();
  other.program.dispose();
  return losses;
}

/** By how much losses differ at most; relatively where they are above 1. NaN where one is. */
export const apart = (losses: readonly number[], others: readonly number[]): number =>
  Math.max(...losses.map((loss, i) => Math.abs(loss - others[i]) / Math.max(1, Math.abs(loss))));
