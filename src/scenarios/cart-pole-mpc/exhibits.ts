import { type Exhibit, writeExhibit } from '../../report/exhibits.ts';
import type { MpcArm } from './arms.ts';
import { type ArmPlayed, mean } from './cast.ts';
import { realised } from './figures.ts';
import type { MpcOptions } from './options.ts';

type Arms = Readonly<Record<string, ArmPlayed>>;

/** Writes the pictures of the report. */
export function writeMpcExhibits(
  folder: string,
  arms: readonly MpcArm[],
  played: Arms,
  options: MpcOptions,
): void {
  writeExhibit(folder, '1-returns', returnsExhibit(arms, played));
  if (options.sweepCandidates.length > 0)
    writeExhibit(folder, '2-candidates', sizeExhibit('candidates', options.sweepCandidates, played, options));
  if (options.sweepHorizons.length > 0)
    writeExhibit(folder, '2-horizons', sizeExhibit('horizon', options.sweepHorizons, played, options));
  writeExhibit(folder, '3-episode', episodeExhibit(arms, played, options));
  writeExhibit(folder, '4-promises', promisesExhibit(played, options));
  writeExhibit(folder, '5-cost', costExhibit(arms, played, options));
}

const seconds = (decision: number, { repeat }: MpcOptions): number => decision * repeat * 0.04;

function returnsExhibit(arms: readonly MpcArm[], played: Arms): Exhibit {
  const bars = (some: readonly MpcArm[]) =>
    some.map(({ name, title, role }) => ({ name: title, role, value: mean(played[name].returns) }));
  return {
    kind: 'bars',
    title: 'Returns',
    note:
      'Mean reward of a step times 1000. All planners imagine as many sequences for an action; each is tried in a copy of the ' +
      'simulator. The controls plan with nothing to choose from, or with random numbers for returns.',
    x: { label: 'return, of 1000', from: 0 },
    groups: [
      { name: 'planners', bars: bars(arms.filter(({ name }) => /^(cem|mppi|shooting)$/.test(name))) },
      { name: 'controls', bars: bars(arms.filter(({ role }) => role === 'control')) },
    ],
  };
}

/** CEM's return over what it was given. */
function sizeExhibit(
  what: 'candidates' | 'horizon',
  values: readonly number[],
  played: Arms,
  options: MpcOptions,
): Exhibit {
  const points = [
    ...values.map((value): [number, number] => [value, mean(played[`${what}${value}`].returns)]),
    [options[what], mean(played['cem'].returns)] as [number, number],
  ].sort(([a], [b]) => a - b);
  const random = mean(played['random'].returns);
  const decision = seconds(1, options).toFixed(2);
  return {
    kind: 'lines',
    ...(what === 'candidates'
      ? {
          title: 'How many candidates a plan needs',
          note: 'CEM with other numbers of candidates an iteration.',
          x: { label: 'candidates' },
        }
      : {
          title: 'How far a plan must look',
          note: `CEM with other horizons. A decision is ${decision} s.`,
          x: { label: 'decisions ahead' },
        }),
    y: { label: 'return, of 1000', from: 0 },
    panels: [
      {
        title: what,
        series: [
          { name: 'CEM', role: 'method', points },
          {
            name: 'random actions',
            role: 'control',
            points: points.map(([x]): [number, number] => [x, random]),
          },
        ],
      },
    ],
  };
}

function episodeExhibit(arms: readonly MpcArm[], played: Arms, options: MpcOptions): Exhibit {
  const shown = ['cem', 'mppi', 'shooting', 'horizon8', 'noiseScores', 'random'];
  const series = arms
    .filter(({ name }) => shown.includes(name))
    .map(({ name, title, role }) => ({
      name: title,
      role,
      points: played[name].rewards[0].map((_, t): [number, number] => [
        seconds(t + 1, options),
        mean(played[name].rewards.map(each => each[t])) / options.repeat,
      ]),
    }));
  return {
    kind: 'lines',
    title: 'The swing-up',
    note: 'Reward of a step along the episode, mean over episodes: 1 is upright, still and in the middle.',
    x: { label: 'seconds' },
    y: { label: 'reward', from: 0 },
    panels: [{ title: 'all arms', series }],
  };
}

function promisesExhibit(played: Arms, options: MpcOptions): Exhibit {
  const panels = (['cem', 'mppi', 'shooting'] as const).map(name => {
    const { predicted, rewards } = played[name];
    const earned = realised(rewards[0], options.horizon);
    const points = (values: readonly number[]) =>
      values.slice(0, earned.length).map((value, t): [number, number] => [seconds(t, options), value]);
    return {
      title: { cem: 'CEM', mppi: 'MPPI', shooting: 'random shooting' }[name],
      series: [
        { name: 'promised', role: 'baseline' as const, points: points(predicted) },
        { name: 'earned', role: 'method' as const, points: points(earned) },
      ],
    };
  });
  return {
    kind: 'lines',
    title: 'What plans promise, and what is earned',
    note:
      'Predicted return of the best candidate at each decision, beside what the next decisions really earned. In a true model a ' +
      'promise is kept, or bettered by planning anew; a model that is exploited promises far more than is earned.',
    x: { label: 'seconds' },
    y: { label: 'return over the horizon', from: 0 },
    panels,
  };
}

function costExhibit(arms: readonly MpcArm[], played: Arms, options: MpcOptions): Exhibit {
  const planned = arms.filter(({ planner }) => typeof planner === 'object');
  return {
    kind: 'cases',
    title: 'What a plan costs',
    note: `Of one episode; plans of an arm’s episodes are made together. A decision lasts ${(1000 * seconds(1, options)).toFixed(0)} ms.`,
    columns: ['arm', 'simulator steps per decision', 'ms per decision', 'return of 1000'],
    rows: planned.map(({ name, title }) => {
      const { worldSteps, lengths, planMs, returns } = played[name];
      return [
        title,
        Math.round(worldSteps / lengths[0] / lengths.length),
        Math.round((planMs / lengths.length) * 10) / 10,
        Math.round(mean(returns)),
      ];
    }),
  };
}
