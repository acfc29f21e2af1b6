import { type Exhibit, writeExhibit } from '../../report/exhibits.ts';
import type { WorldStudy } from './arms.ts';
import {
  type ArmFigures,
  ladderOf,
  lastOf,
  type Played,
  type TuningResult,
  type WordsPlayed,
} from './figures.ts';
import { plans, type TuningArm, tuningArms } from './plans.ts';
import { casesExhibit } from './prompts.ts';

/** Everything that the report shows of a run beside its curves, as far as its arms were played. */
export function writeExhibits(
  folder: string,
  played: Played,
  result: TuningResult,
  study: WorldStudy,
  missing: string | undefined,
): void {
  const write = (name: string, exhibit: Exhibit | undefined) => {
    if (exhibit) writeExhibit(folder, name, exhibit);
  };
  write('1-clusters', clustersExhibit(played));
  write('2-arms', armsExhibit(result));
  write('3-number-of-clusters', ladderExhibit(result, study));
  write('4-learning', learningExhibit(played, result));
  write('5-sizes', sizesExhibit(result));
  write('6-prompts', casesExhibit(played, study));
  write('7-words', wordsExhibit(played.words, result, missing));
}

const percent = (share: number): number => Math.round(1e4 * share) / 100;
/** Arms that stand for a way to ask each, in the paper's figure. */
const ways: readonly TuningArm[] = ['instruct', 'no-template', 'name-only'];

/** The paper's first figure: each held-out cluster, by what the model was tuned on. */
function clustersExhibit({ pretrained, tuned }: Played): Exhibit {
  const exams = ways.flatMap(name => {
    const arm = tuned[name];
    if (!arm) return [];
    const { exams } = lastOf(arm);
    // In its own format, whatever that is.
    return [{ title: plans[name].title, role: plans[name].role, exam: exams['own'] ?? exams['held-out'] }];
  });
  const all = [
    ...exams,
    { title: 'untuned', role: 'baseline' as const, exam: pretrained.verdict.exams['held-out'] },
  ];
  return {
    kind: 'bars',
    title: 'Held-out clusters',
    note: 'Questions of clusters that no arm was tuned on, four options each: 25 % by chance. The mean over templates; arms without instructions are asked in their own format.',
    x: { label: 'accuracy', from: 0 },
    unit: '%',
    groups: pretrained.verdict.exams['held-out'].clusters.map(({ cluster }) => ({
      name: cluster,
      bars: all.map(({ title, role, exam }) => {
        const own = exam.clusters.find(one => one.cluster === cluster);
        return { name: title, role, value: own ? percent(own.accuracy) : null };
      }),
    })),
  };
}

function armsExhibit({ arms, untuned }: TuningResult): Exhibit {
  const bars = (figure: keyof ArmFigures, before?: number) => [
    ...tuningArms.flatMap(name => {
      const value = arms[name]?.[figure];
      const { title, role } = plans[name];
      return value === undefined ? [] : [{ name: title, role, value: percent(value) }];
    }),
    ...(before === undefined ? [] : [{ name: 'untuned', role: 'baseline' as const, value: percent(before) }]),
  ];
  return {
    kind: 'bars',
    title: 'All arms',
    note: 'Held out: asked by instructions. Recall: facts of held-out clusters that the model still says of its own when a declarative sentence begins.',
    x: { label: 'share of questions, or of facts', from: 0 },
    unit: '%',
    groups: [
      { name: 'held out', bars: bars('heldOut', untuned.heldOut) },
      { name: 'trained clusters, in the own format', bars: bars('trained') },
      { name: 'recall', bars: bars('recall', untuned.recall) },
    ].filter(group => group.bars.length > 0),
  };
}

function ladderExhibit(result: TuningResult, { heldOut }: WorldStudy): Exhibit | undefined {
  const points = ladderOf(result, heldOut.length).map(([x, y]): [number, number] => [x, percent(y)]);
  if (points.length < 2) return undefined;
  return {
    kind: 'lines',
    title: 'Held-out accuracy over the number of clusters',
    note: 'With few clusters a model learns the questions that it was asked; with many, to follow instructions.',
    x: { label: 'clusters tuned on', log: true },
    y: { label: 'held-out accuracy, %', from: 0 },
    panels: [
      {
        title: 'Clusters',
        series: [
          { name: 'tuned by instructions', role: 'method', points },
          { name: 'untuned', role: 'bound', points: [[1, percent(result.untuned.heldOut)]] },
        ],
      },
    ],
  };
}

function learningExhibit({ tuned, pretrained }: Played, { chance }: TuningResult): Exhibit {
  const panel = (title: string, names: readonly TuningArm[]) => ({
    title,
    series: [
      ...names.flatMap(name => {
        const arm = tuned[name];
        if (!arm) return [];
        const points = [pretrained.verdict, ...arm.verdicts].map(({ step, exams }): [number, number] => [
          step,
          percent(exams['held-out'].accuracy),
        ]);
        return [{ name: plans[name].title, role: plans[name].role, points }];
      }),
      { name: 'chance', role: 'bound' as const, points: [[0, percent(chance)] as const] },
    ],
  });
  const panels = [
    panel(
      'Number of clusters',
      tuningArms.filter(name => name.startsWith('instruct')),
    ),
    panel('Ways to ask', ['instruct', ...tuningArms.filter(name => !name.startsWith('instruct'))]),
  ];
  return {
    kind: 'lines',
    title: 'What tuning teaches about clusters that it does not touch',
    note: 'The judge asks held-out clusters by instructions while the model is tuned on others.',
    x: { label: 'steps of tuning' },
    y: { label: 'held-out accuracy, %', from: 0 },
    panels: panels.filter(({ series }) => series.length > 1),
  };
}

function sizesExhibit({ sizes }: TuningResult): Exhibit | undefined {
  const widths = Object.entries(sizes).map(([key, figures]) => ({
    width: Number(key.split('_')[1]),
    ...figures,
  }));
  if (widths.length < 2) return undefined;
  const series = (figure: 'untuned' | 'heldOut' | 'trained' | 'knew' | 'recall') =>
    widths.map(each => [each.width, percent(each[figure])] as const);
  return {
    kind: 'lines',
    title: 'Small models gain little',
    note: 'Models of other widths on the same text, tuned on all clusters. Right, what they know and what they learn to answer.',
    x: { label: 'width of the model', log: true },
    y: { label: '%', from: 0 },
    panels: [
      {
        title: 'Held-out accuracy',
        series: [
          { name: 'tuned by instructions', role: 'method', points: series('heldOut') },
          { name: 'untuned', role: 'baseline', points: series('untuned') },
        ],
      },
      {
        title: 'What is behind it',
        series: [
          { name: 'facts recalled, pre-trained', role: 'baseline', points: series('knew') },
          { name: 'facts recalled, tuned', role: 'baseline', points: series('recall') },
          { name: 'trained clusters', role: 'method', points: series('trained') },
        ],
      },
    ],
  };
}

function wordsExhibit(
  played: WordsPlayed | undefined,
  { words }: TuningResult,
  missing: string | undefined,
): Exhibit | undefined {
  if (missing !== undefined) {
    return { kind: 'cases', title: 'Real words', note: 'Left out.', columns: ['why'], rows: [[missing]] };
  }
  if (!played) return undefined;
  return {
    kind: 'bars',
    title: 'Real words',
    note: 'Each cluster held out in turn, and tuned on the five others. Of the options that are to choose from only one goes with the word, whatever is asked, so that this shows less than the made-up world does; yes and no take what two clusters alone teach. No bar stands on it.',
    x: { label: 'accuracy', from: 0 },
    unit: '%',
    groups: Object.entries(words).map(([cluster, { heldOut, untuned, chance }]) => ({
      name: cluster,
      bars: [
        { name: 'tuned on the others', role: 'method', value: percent(heldOut) },
        { name: 'untuned', role: 'baseline', value: percent(untuned) },
        { name: 'chance', role: 'bound', value: percent(chance) },
      ],
    })),
  };
}
