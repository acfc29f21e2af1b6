import type { Analysis, Design, Guard, Metric, Standing, Verdict } from '../../evaluation/contract.ts';
import { levelText } from './numbers.ts';

/** What an arm may be called: its standing, or that nothing of this may be believed. */
export type Badge = Standing | 'not to be trusted';

export const failedGuards = ({ guards }: Analysis): Guard[] => guards.filter(({ passed }) => !passed);

export const badgeOf = (analysis: Analysis, { standing }: Verdict): Badge =>
  failedGuards(analysis).length > 0 ? 'not to be trusted' : standing;

/** A variable of the style for an arm, by what is said of it. */
export function colorOf(standing: Standing | undefined): string {
  if (standing === 'better') return '--good';
  return standing === 'worse' ? '--bad' : '--accent';
}

export const unitWords: Readonly<Record<Design['unit'], string>> = {
  trial: 'each trial draws its arm',
  session: 'each session draws one arm for all its trials',
  pair: 'every unit is played by every arm, in an order drawn for it',
};

const stoppedBy: Readonly<Record<Analysis['stopped'], string>> = {
  fixed: 'stopped at the planned number of units',
  settled: 'stopped because the confidence sequence left 0 out',
  cap: 'stopped at its cap',
  'not yet': 'has not stopped yet',
};
export const stoppedWords = ({ stopped }: Analysis): string => stoppedBy[stopped];

export const metricWords = ({ name, kind, better }: Metric): string =>
  `${name} (${kind === 'binary' ? 'success or failure' : 'a number'}; ${better} is better)`;

/** Which interval decides: the one that may be read whenever one likes, where the plan is to look. */
export const sequenceDecides = ({ stopping }: Design): boolean => stopping.rule === 'always-valid';

/** One sentence over several arms; their own sentences stand below it. */
export function overAll({ design, verdicts, comparisons }: Analysis): string {
  if (verdicts.length === 1) return verdicts[0].sentence;
  if (verdicts.length === 0) return `${design.name}: nothing to compare yet`;
  const named = (standing: Standing): string[] =>
    verdicts.filter(verdict => verdict.standing === standing).map(({ arm }) => arm);
  const parts = (['better', 'worse', 'undecided'] as const).flatMap(standing => {
    const arms = named(standing);
    return arms.length === 0 ? [] : [`${listOf(arms)} ${arms.length === 1 ? 'is' : 'are'} ${standing}`];
  });
  const than = comparisons.at(0)?.baseline ?? design.arms[0].name;
  return `Against ${than}: ${parts.join('; ')}`;
}

/** `a, b and c`. */
const listOf = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;

/** How its numbers are to be read, in a few sentences. */
export function readingWords({ design, comparisons }: Analysis): string[] {
  const level = levelText(design.level);
  const decides = sequenceDecides(design)
    ? 'This experiment was planned to be looked at while it ran, so **the sequence decides**; the fixed-horizon interval is shown to compare.'
    : 'This experiment was planned to be read once, at its end, so **the fixed-horizon interval decides**; before the end only the sequence may be read.';
  return [
    `**Interval.** Of all experiments made this way, ${level} have the true effect inside their interval. An interval that holds 0 says: not decided by these data. It does not say: no effect.`,
    `**Two of them.** The fixed-horizon interval is honest at one moment, the planned end: whoever watches it, and stops when it leaves 0 out, finds effects that are not there in far more than ${levelText(1 - design.level)} of experiments. The confidence sequence is wider, and holds at every look at once. ${decides}`,
    '**Relative effect.** The arm over the baseline, minus 1. It is what can be compared from one place or month to another: levels drift, the ratio of arms that run at the same time drifts less.',
    ...(comparisons.length > 1
      ? [
          '**Several arms.** They share one baseline, so a lucky baseline makes all of them look bad: the adjusted p (Dunnett) allows for it.',
        ]
      : []),
    '**Guards.** Where one of them fails, the numbers above it may be precise and still be wrong.',
  ];
}
