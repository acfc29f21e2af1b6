import { analyse } from '../../evaluation/experiment/index.ts';
import { readLog } from '../../evaluation/log/index.ts';
import type { Rate } from '../../evaluation/simulate/index.ts';
import type { Study } from '../../report/experiment/index.ts';
import { logFile } from './cast.ts';
import type { GroupEffect, RoboticsStudy } from './contract.ts';

const method = 'jackknife over days of the CMH ratio over operators';

/** The study as the report draws it. */
export function studyExhibit(study: RoboticsStudy, folder: string): Study {
  const { layers } = study.experiment;
  const [rows, columns] = layers.layers;
  const analysis = analyse(readLog(logFile(folder, 'experiment', 'policy')));
  // What the analysis cannot say: whether arms were named or could be told, and whether logs are as they were written.
  const ofRun = study.guards.filter(({ name }) => /: (concealment|blinding|log)$/.test(name));
  const better = layers.interactions.find(({ arms }) => arms[0] === 'better') ?? layers.interactions[0];
  return {
    kind: 'study',
    about:
      `${study.trials.toLocaleString('en')} trials over ${study.weeks} weeks: two robots, three operators, one policy; ` +
      `then ${study.experiment.trials.toLocaleString('en')} with real arms`,
    drift: study.weekly.map(({ week, n, successes }) => ({
      at: week - 0.5,
      rate: n === 0 ? 0 : successes / n,
      of: 'all trials',
    })),
    sequential: { groups: study.sequential.groups.map(groupOf), method },
    random: { groups: study.regrouped.groups.map(groupOf), method },
    regroupings: { intervals: study.regrouped.histogram.length - 1, counts: study.regrouped.histogram },
    designs: [
      ...study.designs.flatMap(({ name, experiments, falsePositives, stratified }) => [
        rateOf(name, 'z', experiments, falsePositives, name === 'per trial'),
        rateOf(
          name,
          fittingAnalysis[name],
          experiments,
          stratified,
          name === 'per session' || name === 'per trial',
        ),
      ]),
    ],
    simulated: study.simulated.filter(isOfDesigns).map(simulatedRate),
    peeking: study.peeking.map(({ name, experiments, looks, falsePositives }) => ({
      ...rateOf(name, 'stopped at a look', experiments, falsePositives, name !== 'fixed-horizon z'),
      looks: looks > 20 ? ('every' as const) : looks,
    })),
    experiment: { ...analysis, guards: [...analysis.guards, ...ofRun] },
    layers: {
      rows: { layer: rows, arms: layers.arms[0] },
      columns: { layer: columns, arms: layers.arms[1] },
      cells: layers.counts,
      independence: layers.independence,
      interaction: better.difference,
    },
    planted: study.planted,
  };
}

/** What stands beside the naive z. */
const fittingAnalysis = {
  sequential: 'CMH over operator and robot',
  alternating: 'CMH over operator, robot and week',
  'per session': 'session jackknife',
  'per trial': 'CMH over operator, robot and week',
} as const;

/** Of the simulated worlds one drift is enough beside the one that was played. */
const isOfDesigns = ({ study }: Rate): boolean =>
  study.endsWith('walk 0.01') ? !study.startsWith('looking') : /parity|operators|sessions/.test(study);

const simulatedRate = ({ study, analysis, mean, experiments }: Rate) =>
  rateOf(study, analysis, experiments, mean, isHonest(study, analysis));

const isHonest = (study: string, analysis: string): boolean =>
  analysis === 'pooled z' ? /^(per trial|blocks)/.test(study) : !analysis.endsWith('jackknife, z');

const groupOf = ({ name, trials, rate, effect }: GroupEffect) => ({ name, trials, rate, change: effect });

const rateOf = (name: string, analysis: string, of: number, share: number, honest: boolean) => ({
  name,
  analysis,
  rejected: Math.round(share * of),
  of,
  honest,
});
