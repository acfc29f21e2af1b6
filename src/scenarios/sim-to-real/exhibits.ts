import type { Role } from '../../report/exhibits/index.ts';
import { type Exhibit, writeExhibit } from '../../report/exhibits.ts';
import { budgetExhibit } from './budget-exhibit.ts';
import type { SampleName } from './distances.ts';
import type { Findings, SimToRealResult } from './figures.ts';
import { functionsExhibit } from './functions-exhibit.ts';
import { discriminatorExhibit, distanceExhibit } from './identification-exhibits.ts';
import { armTitles, meanOf } from './judging.ts';
import type { ArmName } from './results.ts';
import { storyExhibit } from './story.ts';

/** What an arm is in pictures. */
export const armRoles: Readonly<Record<ArmName, Role>> = {
  zeroShot: 'baseline',
  dr: 'baseline',
  ft: 'baseline',
  sysIdConst: 'baseline',
  simGan: 'method',
  oracle: 'bound',
  random: 'control',
};

/** What a sample is called in pictures. */
export const sampleTitles: Readonly<Record<SampleName, string>> = {
  source: 'source',
  untrained: 'hybrid, untrained',
  hybrid: 'hybrid, SimGAN',
  constant: 'hybrid, constant parameters',
  floor: 'target, again',
};

/** Writes the pictures of the report. */
export function writeSimToRealExhibits(folder: string, findings: Findings, result: SimToRealResult): void {
  writeExhibit(folder, '1-story', storyExhibit(findings, result));
  writeExhibit(folder, '2-returns', returnsExhibit(findings));
  writeExhibit(folder, '3-likeness', likenessExhibit(findings));
  writeExhibit(folder, '4-distance', distanceExhibit(findings));
  writeExhibit(folder, '5-discriminator', discriminatorExhibit(findings));
  const functions = functionsExhibit(findings);
  if (functions) writeExhibit(folder, '6-functions', functions);
  writeExhibit(folder, '7-learning', learningExhibit(findings));
  writeExhibit(folder, '8-budget', budgetExhibit(findings));
  writeExhibit(folder, '9-trials', { kind: 'experiment', analysis: findings.judged.analysis });
}

function returnsExhibit({ judged, trained, options }: Findings): Exhibit {
  return {
    kind: 'bars',
    title: 'Returns in the target',
    note:
      `Mean of ${options.testEpisodes} episodes in the sealed target (${trained.target}) without exploration. All arms met the same episodes. ` +
      'Domain randomisation has had as many steps of PPO as the source policy and its refinement together; fine-tuning as many steps of the target as SimGAN; the oracle has no bound.',
    x: { label: 'return of an episode', from: 0 },
    groups: [
      {
        name: trained.target,
        bars: judged.means.map(({ name, bySeed }) => ({
          name: armTitles[name],
          role: armRoles[name],
          value: meanOf(bySeed),
        })),
      },
    ],
  };
}

function likenessExhibit({ likeness, trained }: Findings): Exhibit {
  const names = likeness[0].samples.map(({ name }) => name);
  const role = (name: SampleName): Role =>
    name === 'hybrid' ? 'method' : name === 'floor' ? 'bound' : name === 'untrained' ? 'control' : 'baseline';
  const bars = (figure: 'distance' | 'auc') =>
    names.map(name => ({
      name: sampleTitles[name],
      role: role(name),
      value: meanOf(
        likeness.flatMap(({ samples }) => samples.find(each => each.name === name)?.[figure] ?? []),
      ),
    }));
  return {
    kind: 'bars',
    title: 'How like the target a simulator is',
    note:
      'W1: Wasserstein distance of transitions to the target’s data, mean over their numbers, in deviations of the target. ' +
      'AUC: of a classifier trained anew to tell them from the target’s, on episodes that it has not seen; 0.5 where it cannot. ' +
      '“Target, again” is a second sample of the target itself: nothing can be nearer.' +
      (trained.robot === 'cart-pole' && trained.target === 'weak'
        ? ' A generator that has learned nothing gives half of the force, which is what weak motors give: here it starts near the truth.'
        : ''),
    x: { label: 'W1, AUC', from: 0 },
    groups: [
      { name: 'W1', bars: bars('distance') },
      { name: 'AUC', bars: bars('auc') },
    ],
  };
}

function learningExhibit({ trained }: Findings): Exhibit {
  const series = [
    {
      name: 'source policy, in the source',
      role: 'control' as const,
      points: pointsOf(trained.behavior.curve),
    },
    ...trained.arms.flatMap(({ name, curves }) =>
      curves.length === 0 || curves[0].length === 0
        ? []
        : [{ name: armTitles[name], role: armRoles[name], points: pointsOf(curves[0]) }],
    ),
  ];
  return {
    kind: 'lines',
    title: 'Learning',
    note:
      'Return of the episodes that a policy learns from, each in its own world: SimGAN and constant parameters in the hybrid simulator, ' +
      'randomisation in randomised ones, fine-tuning and oracle in the target. Of the first seed of identification.',
    x: { label: 'steps of the training' },
    y: { label: 'return of an episode', from: 0 },
    panels: [{ title: 'training', series }],
  };
}

const pointsOf = (curve: readonly { readonly step: number; readonly return: number }[]) =>
  curve.map(({ step, return: value }): [number, number] => [step, value]);
