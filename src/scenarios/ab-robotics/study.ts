import { Random } from '../../core/random.ts';
import type { GateLook } from '../../evaluation/actors/index.ts';
import type { Guard } from '../../evaluation/contract.ts';
import { type JoinedLog, readLog, trialsOf } from '../../evaluation/log/index.ts';
import { containingZero, type Rate } from '../../evaluation/simulate/index.ts';
import { armResults, countOf } from './arms.ts';
import { weeks } from './calendar.ts';
import { logFile } from './cast.ts';
import { type Columns, columnsOf } from './columns.ts';
import type { RoboticsStudy } from './contract.ts';
import { designRows } from './designs.ts';
import { fortnights, groupCount, groupEffects, meanOf, regrouped, regroupHistogram } from './groups.ts';
import { overWorlds } from './numbers-world.ts';
import { peekingRows } from './peeking.ts';
import { controllers, lifts, nothingChanged, truths } from './plans.ts';
import { plantedFaults } from './planted.ts';
import { logGuards } from './study-guards.ts';
import { layersResult } from './two-layers.ts';

/** What the study's numbers follow from: its logs, and how much is drawn from them. */
export interface StudyQuestion {
  readonly folder: string;
  readonly seed: number;
  /** Random regroupings of the study's trials. */
  readonly regroupings: number;
  /** Worlds of numbers beside the one that was played. */
  readonly worlds: number;
  /** Pretended experiments of each random design. */
  readonly draws: number;
  /** Pretended experiments of those who look while it runs. */
  readonly peeks: number;
  /** Last hashes of the logs, by `<experiment> <layer>`, as they were published when they were closed. */
  readonly chains: Readonly<Record<string, string>>;
  /** The gate's looks at the experiment. */
  readonly looks: readonly (readonly GateLook[])[];
  /** Error rates of simulated experiments. */
  readonly simulated: readonly Rate[];
  /** What was found while the trials ran. */
  readonly concealment: readonly Guard[];
}

const level = 0.95;

/**
 * Everything that the logs say: a pure function of their records and the seed, the same whenever it is made.
 * @param beat called now and then: it takes a while
 */
export function studyOf(question: StudyQuestion, beat: () => void = () => {}): RoboticsStudy {
  const { folder, seed, chains } = question;
  const random = Random.fromSeed(seed).split('study');
  const logOf = (name: string, layer: string): JoinedLog => trialsOf(readLog(logFile(folder, name, layer)));
  const log = logOf('study', 'policy');
  const columns = columnsOf(log.trials, namesOf(nothingChanged));
  beat();

  const groups = fortnights(columns);
  const inTime = groupEffects(columns, groups, g => `weeks ${2 * g + 1}-${2 * g + 2}`, level);
  const histogram = regroupHistogram(columns, question.regroupings, random.split('regroup'), level, beat);
  const shuffled = regrouped(groups, random.split('regroup').split(0));

  const policies = logOf('experiment', 'policy');
  beat();
  const grips = logOf('experiment', 'gripper');
  beat();
  const byPolicy = columnsOf(policies.trials, namesOf(controllers));
  const byGrip = columnsOf(grips.trials, namesOf(lifts));
  const baseline = countOf(byPolicy, i => byPolicy.arm[i] === 0);
  const guards = [
    ...question.concealment,
    ...logGuards('study', log, logFile(folder, 'study', 'policy'), chains['study policy']),
    ...logGuards(
      'experiment',
      policies,
      logFile(folder, 'experiment', 'policy'),
      chains['experiment policy'],
    ),
    ...logGuards('layer', grips, logFile(folder, 'experiment', 'gripper'), chains['experiment gripper']),
  ];
  beat();
  return {
    version: 1,
    trials: log.trials.length,
    weeks,
    level,
    baseRate: meanSuccess(columns),
    weekly: Array.from({ length: weeks }, (_, week) => ({
      week: week + 1,
      ...countOf(columns, i => columns.week[i] === week),
    })),
    sequential: {
      groups: inTime,
      holdZero: containingZero(inTime.flatMap(({ effect }) => effect ?? [])),
      overWorlds: overWorlds(question.worlds, log.trials.length, seed, beat),
    },
    regrouped: {
      groups: groupEffects(columns, shuffled, g => `group ${g + 1}`, level),
      regroupings: question.regroupings,
      meanHoldZero: meanOf(histogram),
      histogram,
    },
    designs: designRows(columns, question.draws, random.split('designs'), beat),
    peeking: peekingRows(
      columns,
      { experiments: question.peeks, length: Math.round(columns.n / groupCount) },
      random.split('peeking'),
      beat,
    ),
    simulated: question.simulated,
    experiment: {
      trials: policies.trials.length,
      baseline: {
        arm: controllers.arms[0].name,
        trials: baseline.n,
        rate: baseline.n === 0 ? 0 : baseline.successes / baseline.n,
      },
      arms: armResults(byPolicy, { arms: namesOf(controllers), level, truths, looks: question.looks }),
      layers: layersResult(
        { name: controllers.name, arms: namesOf(controllers), columns: byPolicy },
        { name: lifts.name, arms: namesOf(lifts), columns: byGrip },
        level,
      ),
    },
    guards,
    planted: plantedFaults(policies, logFile(folder, 'experiment', 'policy')),
    chains,
  };
}

const namesOf = ({ arms }: { readonly arms: readonly { readonly name: string }[] }): string[] =>
  arms.map(({ name }) => name);

const meanSuccess = ({ n, success }: Columns): number =>
  n === 0 ? 0 : success.reduce((sum, each) => sum + each, 0) / n;
