import { asError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import type { HostTensor } from '../tensors/index.ts';
import { type CompiledCase, compileCase, type StudyCase, studyCases } from './cases/index.ts';
import { scanOf } from './cases/scan.ts';
import {
  type BenchOptions,
  type BenchResult,
  type Comparison,
  chosen,
  type PeerResult,
  quartiles,
  spread,
} from './contract.ts';
import { Rival, rivalKinds } from './rivals/rival.ts';
import { type Contestant, takeTurns } from './turns.ts';

/** How far a rival's loss may be from ours after the steps that warm up, relatively, for it to be the same work. */
const SAME = 1e-3;
/** Steps after which ours and a rival's are compared. */
const STEPS = 3;

/**
 * The cases of the study: training steps of the sizes that learners meet. Ours, then stock TensorFlow.js on wasm and
 * PyTorch eager and compiled, each in a process of its own with one thread, fed the same numbers, blocks in turns.
 */
export const bench = async ({ only, progress = () => {} }: BenchOptions = {}): Promise<Comparison> => {
  const cases = chosen(studyCases, only);
  const rivals: Rival[] = [];
  const results: BenchResult[] = [];
  const peers: PeerResult[] = [];
  const skipped: string[] = [];
  const executors = new Set<string>();
  try {
    for (const kind of rivalKinds()) {
      const rival = await Rival.start(kind);
      if (rival instanceof Rival) rivals.push(rival);
      else skipped.push(rival.skipped);
    }
    for (const one of cases) {
      progress(one.name);
      const measured = await measure(one, rivals).catch(asError);
      if (measured instanceof Error) {
        skipped.push(`${one.name}: ours: ${measured.message.replace(`${one.name}: `, '')}`);
        continue;
      }
      executors.add(measured.executor);
      results.push(measured.ours);
      peers.push(...measured.peers);
      skipped.push(...measured.skipped);
    }
  } finally {
    for (const rival of rivals) rival.stop();
  }
  const notes = [
    `ours: ${[...executors].join(', ')}`,
    ...rivals.map(({ name, version }) => `${name}: ${version}`),
    'batches go in from the host and the loss comes back in every step of everyone',
  ];
  return { results, peers, skipped, notes };
};

/** A case of ours and of all rivals that can run it, blocks in turns, in milliseconds a step. */
export async function measure(one: StudyCase, rivals: readonly Rival[]) {
  const random = Random.fromSeed(1);
  const state = one.state(random);
  const inputs = one.inputs(random);
  const program = await compileCase(one, state);
  const step = stepOf(one, program, inputs);
  const skipped: string[] = [];
  const entered: { name: string; run: Contestant; bar: number | undefined; close(): Promise<void> }[] = [];
  try {
    const expected = await after(STEPS, step);
    for (const rival of rivals) {
      for (const variant of rival.variantsFor(one)) {
        const name = variant ? `${rival.name}, ${variant}` : rival.name;
        try {
          const opened = await rival.open(one, state, inputs, { variant, random: Random.fromSeed(2) });
          const { watched } = await opened.run(STEPS);
          checkSame(expected, [watched].flat());
          const run = { run: async (steps: number) => (await opened.run(steps)).ms };
          entered.push({ name, run, bar: barOf(one, name), close: opened.close });
        } catch (error) {
          const why = asError(error).message.replace(`${rival.name}: `, '');
          skipped.push(`${one.name}: ${name}: ${why}`);
        }
      }
    }
    const perStep = one.scan?.steps ?? 1;
    const timed = await takeTurns([{ run: count => time(count, step) }, ...entered.map(({ run }) => run)]);
    const [ours, ...theirs] = timed.map(times => times.map(ms => ms / perStep));
    const peers = entered.map(({ name, bar }, i): PeerResult => {
      const ratio = quartiles(theirs[i].map((ms, round) => ms / ours[round]));
      const ratioBar = bar === undefined ? {} : { ratioBar: `≥ ${bar}` };
      return { name, unit: 'ms', against: one.name, ...spread(theirs[i]), ratio, ...ratioBar };
    });
    for (const { close } of entered) await close();
    return {
      executor: program.executor.name,
      ours: { name: one.name, unit: 'ms', ...spread(ours) },
      peers,
      skipped,
    };
  } finally {
    program.dispose();
  }
}

/** A step of ours that gives the values watched. */
function stepOf(one: StudyCase, program: CompiledCase, inputs: ReturnType<StudyCase['inputs']>) {
  const valuesOf = (outputs: Record<string, unknown>) => (outputs[one.watched] as HostTensor).data;
  // Acting loops call at once; learners wait.
  if (one.program === 'acting') return async () => valuesOf(program.sync(inputs));
  if (!one.scan) return async () => valuesOf(await program(inputs));
  const { split, indices, batch } = scanOf(one, inputs, Random.fromSeed(2));
  return async () => valuesOf(await program.scan(split, indices, batch)).subarray(-1);
}

type Step = ReturnType<typeof stepOf>;

async function after(count: number, step: Step): Promise<number[]> {
  for (let k = 1; k < count; k++) await step();
  return [...(await step())];
}

async function time(count: number, step: Step): Promise<number> {
  const start = performance.now();
  for (let k = 0; k < count; k++) await step();
  return performance.now() - start;
}

/** @throws where the numbers are not those of the same work */
function checkSame(expected: readonly number[], got: readonly number[]): void {
  const far = expected.findIndex(
    (value, i) => !(Math.abs(value - got[i]) <= SAME * Math.max(1, Math.abs(value))),
  );
  if (far >= 0) throw new Error(`expected ${expected[far]} after ${STEPS} steps, got ${got[far]}`);
}

function barOf({ bars }: StudyCase, rival: string): number | undefined {
  if (rival === 'stock tfjs') return bars?.stock;
  return rival === 'PyTorch, eager' ? bars?.torch : undefined;
}
