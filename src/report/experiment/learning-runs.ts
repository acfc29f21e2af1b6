import type { Analysis } from '../../evaluation/contract.ts';
import type { LearningRuns } from '../../evaluation/experiment/index.ts';
import type { Drawing } from '../drawing.ts';
import { escapeHtml } from '../html.ts';
import { section } from '../page.ts';
import { forest } from './forest.ts';
import { countText, levelScale, levelText, type Scale } from './numbers.ts';
import { card, titled } from './pictures.ts';
import { colorOf } from './words.ts';

const chance: Scale = { factor: 100, unit: '\u00a0%', signed: false };

/** What the field shows of learning runs: the interquartile mean of each arm, and how likely a run of it is the better one. */
export function learningRunsSection(
  drawing: Drawing,
  { design, verdicts }: Analysis,
  found: LearningRuns | undefined,
): string {
  if (!found) return '';
  const baseline = found.arms[0].arm;
  const middles = forest(
    drawing,
    found.arms.map(({ arm, iqm }, i) => ({
      name: arm,
      estimate: iqm,
      color: i === 0 ? '--quiet' : '--accent',
    })),
    { scale: levelScale(design.metric), zero: false, label: 'Interquartile mean of each arm' },
  );
  const improvements = forest(
    drawing,
    found.improvements.map(({ arm, probability }) => ({
      name: arm,
      estimate: probability,
      color: colorOf(verdicts.find(verdict => verdict.arm === arm)?.standing),
    })),
    { scale: chance, zero: false, beside: 0.5, range: [0, 1], label: 'Probability of improvement' },
  );
  const runs = found.arms.map(each => each.runs);
  const few = runs.every(each => each === runs[0]) ? `${runs[0]} runs an arm` : `${runs.join(', ')} runs`;
  return section(
    'Learning runs',
    card(
      `${titled(`interquartile mean of ${design.metric.name}`, middles)}
${titled(`probability of improvement over ${baseline}`, improvements)}
<p class="legend">${escapeHtml(readingOf(baseline, found.resamples, levelText(design.level)))}</p>`,
    ),
    `${few}; they describe, the effect above decides`,
  );
}

const readingOf = (baseline: string, resamples: number, level: string): string =>
  `Interquartile mean: the mean of the middle half of an arm's runs, which a lucky or a broken run hardly moves. \
Probability of improvement: how likely a run of the arm is better than one of ${baseline}, ties counting half; 50 %, dashed, is no \
difference. Lines: ${level} intervals from ${countText(resamples)} bootstrap resamples of the runs. Of few runs they are too narrow: \
of three, about 75 % of the 95 % intervals hold the true mean, of ten over 90 %. One without width only says that the runs agree.`;
