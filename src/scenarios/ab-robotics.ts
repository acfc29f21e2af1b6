import { z } from 'zod';
import { askAgain } from '../actors/ask-again.ts';
import { engineNames } from '../env/rapier/engine.ts';
import type { GateLook, ScanState } from '../evaluation/actors/index.ts';
import { errorRates } from '../evaluation/simulate/index.ts';
import { days } from './ab-robotics/calendar.ts';
import { playTrials, type TrialsDone, type TrialsPlan } from './ab-robotics/cast.ts';
import type { RoboticsStudy } from './ab-robotics/contract.ts';
import { type ArmFigures, figuresOf } from './ab-robotics/figures.ts';
import { filmTrial } from './ab-robotics/film.ts';
import { controllers, lifts, nothingChanged } from './ab-robotics/plans.ts';
import { studyAnalyst } from './ab-robotics/study-analyst.ts';
import { writeTables } from './ab-robotics/tables.ts';
import { type Stage, scenario } from './contract.ts';
import { interrupted } from './runner/interrupted.ts';

const count = (value: number, least = 1) => z.number().int().min(least).default(value);
const options = z.strictObject({
  // One a day at least, and some of every arm: fewer say nothing.
  trials: count(33_000, days).describe('Physical trials of the study, in which nothing is changed.'),
  experiment: count(16_500, 100).describe('Physical trials of the experiment with real arms, in two layers.'),
  regroupings: count(2_000).describe('Random regroupings of the study’s trials.'),
  worlds: count(200).describe('Worlds of numbers, without physics, beside the one that is played.'),
  draws: count(1_000).describe('Pretended experiments of each random design, on the study’s trials.'),
  peeks: count(1_000).describe('Pretended experiments of those who look while it runs.'),
  simulations: count(4_000).describe('Simulated experiments of each kind, 2000 trials each.'),
  batch: count(128).describe('Trials that go from actor to actor at once.'),
  drifts: z.boolean().default(true).describe('Whether the world moves.'),
  engine: z
    .enum(engineNames)
    .default('simd')
    .describe('Rapier build: fast, or the same bits on every machine.'),
  tables: z
    .enum(['duckdb', 'none'])
    .default('duckdb')
    .describe(
      'What the trials are written as beside their logs: a database each, where DuckDB is installed.',
    ),
});
type Options = z.output<typeof options>;

/** Milliseconds that the analyses may take. */
const analysisDeadline = 600_000;
/** Batches between two rows of figures. */
const rowsEvery = 4;

/** What checkpoints hold beside the logs, which hold the trials: what was read for arms' names, by experiment. */
interface Saved {
  readonly concealment: Readonly<Scans>;
}
type Scans = { [experiment: string]: ScanState };

/**
 * The dice study: two robots do the same for five months in a world that drifts, and their trials are analysed as people
 * do it (fortnight against fortnight) and as they should. Then an experiment with real arms in the same world.
 */
export default scenario({
  name: 'ab-robotics',
  summary: 'Robots move cubes for five months: honest and dishonest ways to say which policy is better.',
  options,
  smoke: {
    trials: 3_300,
    experiment: 1_650,
    regroupings: 400,
    worlds: 100,
    draws: 200,
    peeks: 200,
    simulations: 1_000,
  },
  async play(stage) {
    const saved = stage.resume?.state as unknown as Saved | undefined;
    const scans: Scans = { ...saved?.concealment };
    const study = await trialsOf(stage, scans, 'study', 0);
    const experiment = await trialsOf(stage, scans, 'experiment', stage.options.trials);
    stage.record.film(await filmTrial(stage.options.engine, stage.seed));
    const result = await analysed(stage, study, experiment);
    if (stage.options.tables === 'duckdb') await writeTables(stage.folder, stage.record.warn);
    return figuresOf(result);
  },
  checks: [
    // 0.85 as the world was set up; where it drifts to in five months is another matter.
    { name: 'success rate', value: r => r.baseRate, atLeast: 0.65, atMost: 0.95 },
    // One world may happen to drift back to where it was; over many, half of the differences and more are false.
    {
      name: 'fortnights whose interval holds 0',
      value: r => r.sequential.holdZero,
      atMost: 9,
      unit: 'of 10',
    },
    { name: 'the same, mean over worlds', value: r => r.sequential.overWorlds, atMost: 5, unit: 'of 10' },
    {
      name: 'the same trials, regrouped at random',
      value: r => r.regrouped.meanHoldZero,
      atLeast: 9.2,
      atMost: 9.8,
      unit: 'of 10',
    },
    { name: '+5 % arm found', value: r => foundAs(r.arms['better'], 1), atLeast: 1 },
    { name: '−5 % arm found', value: r => foundAs(r.arms['worse'], -1), atLeast: 1 },
    { name: 'identical copy found', value: r => r.arms['copy'].found, atMost: 0 },
    { name: 'false positives, sequential', value: r => r.falsePositives.sequential, atLeast: 0.35 },
    { name: 'false positives, alternating', value: r => r.falsePositives.alternating, atLeast: 0.95 },
    {
      name: 'false positives, per trial',
      value: r => r.falsePositives.perTrial,
      atLeast: 0.03,
      atMost: 0.07,
    },
    { name: 'false positives, 20 looks with z', value: r => r.falsePositives.peeking, atLeast: 0.18 },
    { name: 'false positives, always valid', value: r => r.falsePositives.alwaysValid, atMost: 0.05 },
    { name: 'simulated, sequential', value: r => r.simulated.sequential, atLeast: 0.35 },
    { name: 'simulated, alternating under parity', value: r => r.simulated.parity, atLeast: 0.95 },
    { name: 'simulated, per trial, z', value: r => r.simulated.perTrial, atLeast: 0.04, atMost: 0.06 },
    { name: 'simulated, per trial, CMH', value: r => r.simulated.perTrialCmh, atLeast: 0.04, atMost: 0.06 },
    { name: 'simulated, 20 looks with z', value: r => r.simulated.peeking, atLeast: 0.18 },
    { name: 'simulated, always valid', value: r => r.simulated.alwaysValid, atMost: 0.05 },
    { name: 'layers independent, p', value: r => r.layers.independence, atLeast: 0.001 },
    { name: 'guards failed', value: r => r.guards.failed, atMost: 0 },
    { name: 'planted faults missed', value: r => r.planted.missed, atMost: 0 },
  ],
});

/** Whether an arm was found, and found to be what it is: one that is found the wrong way round is not. */
const foundAs = ({ found, effect = 0 }: ArmFigures, sign: 1 | -1): number =>
  Math.sign(effect) === sign ? found : 0;

/**
 * Plays one of the experiments. A checkpoint is written where it ends, by whatever, and nowhere else: rows that come while
 * one is written would be in the record twice, and a run that was killed goes on from its logs.
 * @param scans of all experiments; its own is kept up to date
 * @param before trials of those before it, in the run's count of steps
 */
async function trialsOf(
  stage: Stage<Options>,
  scans: Scans,
  name: 'study' | 'experiment',
  before: number,
): Promise<TrialsDone> {
  const { options, record, seed, folder, resume, signal } = stage;
  const steps = options.trials + options.experiment;
  const plan: TrialsPlan = {
    name,
    hypothesis:
      name === 'study'
        ? 'Nothing was changed: the two arms are one controller.'
        : 'The cube arrives more often where it is gripped harder, less often where it is gripped less hard.',
    layers: name === 'study' ? [nothingChanged] : [controllers, lifts],
    trials: name === 'study' ? options.trials : options.experiment,
    batch: options.batch,
    seed,
    engine: options.engine,
    drifts: options.drifts,
    folder,
    workers: stage.threads,
    scanned: scans[name],
  };
  const from = resume?.step ?? 0;
  let batches = 0;
  let step = before;
  let over = false;
  const save = async (): Promise<void> => {
    over = true;
    // What a resumed run is told again stands in its record already.
    if (step >= from) await record.checkpoint(step, { concealment: { ...scans } });
  };
  stage.onFailure(async () => {
    if (!over) await save();
  });
  const done = await playTrials(stage.system, plan, {
    signal,
    progress(trials, looks, scanned) {
      if (over) return;
      step = before + trials;
      scans[name] = scanned;
      record.progress({ step, steps });
      batches++;
      if (step <= from || (batches % rowsEvery !== 0 && trials < plan.trials)) return;
      record.metrics({ source: name, step, values: figuresOfLooks(looks) });
    },
  });
  scans[name] = done.scanned;
  await save();
  if (done.trials < plan.trials) throw interrupted(Math.max(step, from));
  return done;
}

/** The arms' differences as they stand, with what is between the limits at any look. */
function figuresOfLooks(looks: readonly GateLook[]): Record<string, number> {
  return Object.fromEntries(
    looks.flatMap(({ arm, sequence }) =>
      sequence.estimable
        ? [
            [`${arm}_difference`, sequence.value],
            [`${arm}_low`, sequence.low],
            [`${arm}_high`, sequence.high],
          ]
        : [],
    ),
  );
}

async function analysed(
  { options, seed, folder, system, threads, signal }: Stage<Options>,
  study: TrialsDone,
  experiment: TrialsDone,
): Promise<RoboticsStudy> {
  // All trials are in the logs: what is lost of the analyses is begun anew.
  const stopped = () => interrupted(study.trials + experiment.trials);
  const simulated = await errorRates({
    experiments: options.simulations,
    seed,
    workers: threads,
    signal,
  }).catch((error: unknown) => {
    throw signal.aborted ? stopped() : error;
  });
  const analyst = await system.spawn(studyAnalyst, {}, { deadline: analysisDeadline });
  const chains = Object.fromEntries([
    ...Object.entries(study.heads).map(([layer, head]) => [`study ${layer}`, head] as const),
    ...Object.entries(experiment.heads).map(([layer, head]) => [`experiment ${layer}`, head] as const),
  ]);
  const result = askAgain(analyst, () =>
    analyst.call.analyse({
      folder,
      seed,
      regroupings: options.regroupings,
      worlds: options.worlds,
      draws: options.draws,
      peeks: options.peeks,
      chains,
      looks: experiment.looks,
      simulated,
      concealment: [study.concealment, experiment.concealment],
    }),
  );
  const ended = new Promise<never>((_, reject) => {
    const end = () => reject(stopped());
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  ended.catch(() => {}); // nobody may be left to hear of it
  return Promise.race([result, ended]);
}
