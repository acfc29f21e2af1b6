import { type Helping, type HelpingShape, helpingFields } from '../actors/replay/fields.ts';
import { allocateSlab } from '../actors/trajectory.ts';
import { Random } from '../core/random.ts';
import { box } from '../env/spaces.ts';
import { sacConfig } from '../learners/sac/config.ts';
import { createSac } from '../learners/sac/method.ts';
import { td3Config } from '../learners/td3/config.ts';
import { createTd3 } from '../learners/td3/method.ts';
import { compileCase } from './cases/index.ts';
import { sacCase } from './cases/sac.ts';
import { type BenchOptions, type BenchResult, type Comparison, spread } from './contract.ts';
import { type Contestant, takeTurns } from './turns.ts';

/** What the study took for a gradient step of these sizes, with nothing around it, milliseconds. */
const STUDY = 8.1;
const spaces = { observation: box(17), action: box(6, { low: -1, high: 1 }) };
const batch = 256;
const sizes = 'policy and critics 256-256, batch 256, 17 observations, 6 actions';

interface Entry {
  readonly name: string;
  readonly held: boolean;
  open(): Promise<Contestant & { readonly executor: string; dispose(): void }>;
}

const random = Random.fromSeed(1);
const hidden = [256, 256];
const sac = (shape: HelpingShape) =>
  createSac(sacConfig.parse({ hidden }), shape, random.split('sac'), () => {});
const td3 = (shape: HelpingShape) =>
  createTd3(td3Config.parse({ hidden }), shape, random.split('td3'), () => {});

const entries: readonly Entry[] = [
  learning('SAC, helpings of one batch', sac, 1),
  learning('SAC, helpings of 16 batches', sac, 16),
  { name: 'SAC, the program alone', held: false, open: bare },
  learning('TD3, helpings of 16 batches', td3, 16),
];

/**
 * A gradient step of SAC and of TD3 as their learners take it: rows of a helping, noise drawn, figures and errors
 * read; beside the bare program of the suite `tensors`. Blocks in turns.
 */
export const bench = async ({ progress = () => {} }: BenchOptions = {}): Promise<Comparison> => {
  const opened: Awaited<ReturnType<Entry['open']>>[] = [];
  try {
    for (const { name, open } of entries) {
      progress(name);
      opened.push(await open());
    }
    const times = await takeTurns(opened, { block: 400 });
    const results = entries.flatMap(({ name, held }, i): BenchResult[] => [
      { name, unit: 'ms', ...spread(times[i]), ...(held && { bar: `≤ ${STUDY} ms` }) },
      { name: `${name}: gradient steps`, unit: 'a second', ...spread(times[i].map(ms => 1000 / ms)) },
    ]);
    const executors = new Set(opened.map(({ executor }) => executor));
    return { results, peers: [], skipped: [], notes: [`ours: ${[...executors].join(', ')}`, sizes] };
  } finally {
    for (const each of opened) each.dispose();
  }
};

/** A method as its learner calls it, `updates` batches at once. */
function learning(name: string, make: typeof sac, updates: number): Entry {
  return {
    name,
    held: name.startsWith('SAC'),
    async open() {
      const shape = { spaces, batch, updates };
      const method = await make(shape);
      const helping = noise(shape);
      return {
        executor: method.executor.name,
        async run(steps) {
          const before = performance.now();
          for (let done = 0; done < steps; done += updates) {
            helping.count[0] = Math.min(updates, steps - done);
            await method.learn(helping, 0);
          }
          return performance.now() - before;
        },
        dispose: () => method.dispose(),
      };
    },
  };
}

async function bare() {
  const one = sacCase();
  const program = await compileCase(one, one.state(random.split('state')));
  const inputs = one.inputs(random.split('inputs'));
  return {
    executor: program.executor.name,
    async run(steps: number) {
      const before = performance.now();
      for (let done = 0; done < steps; done++) await program(inputs);
      return performance.now() - before;
    },
    dispose: () => program.dispose(),
  };
}

/** A helping of noise. */
function noise(shape: HelpingShape): Helping {
  const helping = allocateSlab(helpingFields(shape));
  const drawn = random.split('helping');
  for (const column of [helping.observations, helping.nextObservations, helping.rewards]) {
    drawn.fillNormal(column);
  }
  drawn.fillUniform(helping.actions as Float32Array, -1, 1);
  helping.discounts.fill(0.99);
  helping.weights.fill(1);
  return helping;
}
