import type { WorldStudy } from './arms.ts';
import { type Caught, meanOf, type Pretrained, type Tuned } from './cast.ts';
import { plans, type TuningArm, tuningArms } from './plans.ts';

/** What came of the arms that were played. */
export interface Played {
  readonly pretrained: Pretrained;
  readonly tuned: Readonly<Partial<Record<TuningArm, Tuned>>>;
  /** By width, the model's own among them where it was tuned on all clusters. */
  readonly sizes: readonly SizePlayed[];
  readonly planted: readonly Caught[];
  readonly words: WordsPlayed | undefined;
}

/** A model of another width, before and after. */
export interface SizePlayed {
  readonly width: number;
  readonly pretrained: Pretrained;
  readonly tuned: Tuned;
}

/** Real words: what was pre-trained, and an arm for each cluster that was held out. */
export interface WordsPlayed {
  readonly pretrained: Pretrained;
  readonly tuned: Readonly<Record<string, Tuned>>;
}

/** What an arm came to; shares of questions, the mean over held-out clusters and templates. */
export interface ArmFigures {
  /** Accuracy on what is held out, asked by instructions. */
  readonly heldOut: number;
  /** The same in the arm's own format, where that is another. */
  readonly own?: number;
  /** On clusters that it was tuned on, in its own format. */
  readonly trained: number;
  /** Share of held-out facts that the model says when it is given the beginning of a declarative sentence. */
  readonly recall: number;
}

/** A model of some width: before tuning, and after tuning on all clusters. */
export interface SizeFigures {
  /** Accuracy on what is held out. */
  readonly heldOut: number;
  readonly recall: number;
  /** On clusters that it was tuned on. */
  readonly trained: number;
  /** Before tuning: the first two of these. */
  readonly untuned: number;
  readonly knew: number;
  readonly gain: number;
}

/** What the run returns. */
export interface TuningResult {
  /** Of guessing. */
  readonly chance: number;
  readonly untuned: { readonly heldOut: number; readonly recall: number };
  readonly arms: Readonly<Partial<Record<TuningArm, ArmFigures>>>;
  /** By width: `width_64`. */
  readonly sizes: Readonly<Record<string, SizeFigures>>;
  readonly guard: {
    /** Batches that it refused in the arms that are what they should be. */
    readonly refused: number;
    /** Held-out facts that were looked for in what tuning asked for, all arms together. */
    readonly unseen: number;
    /** Of the arm with a held-out cluster in its mixture, where it was played. */
    readonly planted?: { readonly refused: number; readonly ended: number };
    /** Of the one with held-out questions under another name. */
    readonly renamed?: { readonly refused: number; readonly found: number };
  };
  /** Of real words, by the cluster that was held out. */
  readonly words: Readonly<Record<string, WordFigures>>;
  /** Gradient steps and relations: bars are about runs of a certain size. */
  readonly trained: { readonly pretraining: number; readonly tuning: number; readonly relations: number };
}

/** Questions about one thing that can be asked of words. */
export interface WordFigures {
  /** Tuned on the other clusters. */
  readonly heldOut: number;
  readonly recall: number;
  readonly untuned: number;
  readonly chance: number;
}

/** A width's key. */
export const widthKey = (width: number): string => `width_${width}`;

export function figuresOf(played: Played, study: WorldStudy): TuningResult {
  const { pretrained, tuned, sizes, planted, words } = played;
  const arms = Object.fromEntries(
    tuningArms.flatMap(name => {
      const arm = tuned[name];
      return arm ? [[name, armFigures(arm)]] : [];
    }),
  );
  const honest = [...Object.values(tuned), ...sizes.map(each => each.tuned)];
  const [stolen, renamed] = planted;
  return {
    chance: pretrained.verdict.exams['held-out'].chance,
    untuned: {
      heldOut: heldOutOf(pretrained.verdict),
      recall: meanOf(Object.values(pretrained.verdict.recall)),
    },
    arms,
    sizes: Object.fromEntries(sizes.map(each => [widthKey(each.width), sizeFigures(each)])),
    guard: {
      refused: honest.reduce((sum, { guard }) => sum + guard.refused, 0),
      unseen: honest.reduce((sum, { unseen }) => sum + unseen, 0),
      ...(stolen && { planted: { refused: stolen.refused, ended: stolen.ended ? 1 : 0 } }),
      ...(renamed && { renamed: { refused: renamed.refused, found: renamed.leak ? 1 : 0 } }),
    },
    words: words ? wordFigures(words) : {},
    trained: {
      pretraining: study.settings.pretraining.steps,
      tuning: study.settings.tuning.steps,
      relations: study.world.relations.length,
    },
  };
}

/** The verdict at the end. */
export const lastOf = ({ verdicts }: Tuned): Tuned['verdicts'][number] => verdicts[verdicts.length - 1];

const heldOutOf = ({ exams }: Tuned['verdicts'][number]): number => exams['held-out'].accuracy;

function armFigures(arm: Tuned): ArmFigures {
  const { exams, recall } = lastOf(arm);
  const own = exams['own']?.accuracy;
  return {
    heldOut: exams['held-out'].accuracy,
    ...(own !== undefined && { own }),
    trained: arm.last['trained'].accuracy,
    recall: meanOf(Object.values(recall)),
  };
}

function sizeFigures({ pretrained, tuned }: SizePlayed): SizeFigures {
  const before = heldOutOf(pretrained.verdict);
  const { heldOut, trained, recall } = armFigures(tuned);
  return {
    ...{ heldOut, recall, trained },
    untuned: before,
    knew: meanOf(Object.values(pretrained.verdict.recall)),
    gain: heldOut - before,
  };
}

function wordFigures({ pretrained, tuned }: WordsPlayed): Record<string, WordFigures> {
  const before = new Map(
    pretrained.verdict.exams['held-out'].clusters.map(one => [one.cluster, one.accuracy]),
  );
  return Object.fromEntries(
    Object.entries(tuned).map(([cluster, arm]) => {
      const { exams, recall } = lastOf(arm);
      const { chance, accuracy } = exams['held-out'];
      return [
        cluster,
        {
          heldOut: accuracy,
          recall: meanOf(Object.values(recall)),
          untuned: before.get(cluster) ?? chance,
          chance,
        },
      ];
    }),
  );
}

/** How far an arm is above another in accuracy on what is held out; the better of both formats counts for the other. */
export function gainOver(result: TuningResult, name: 'untuned' | TuningArm): number | undefined {
  const method = result.arms.instruct?.heldOut;
  const other = name === 'untuned' ? result.untuned.heldOut : bestOf(result.arms[name]);
  return method === undefined || other === undefined ? undefined : method - other;
}

/** An arm's accuracy on what is held out, in the format in which it is better. */
export const bestOf = (arm: ArmFigures | undefined): number | undefined =>
  arm && Math.max(arm.heldOut, arm.own ?? 0);

/** Accuracy by the number of clusters that were tuned on, ascending. */
export function ladderOf(
  { arms, trained }: TuningResult,
  heldOut: number,
): [clusters: number, accuracy: number][] {
  return tuningArms
    .flatMap((name): [number, number][] => {
      const { clusters, format, replay } = plans[name];
      const arm = arms[name];
      if (!arm || format !== 'instruct' || !replay) return [];
      return [[clusters === 'all' ? trained.relations - heldOut : clusters, arm.heldOut]];
    })
    .sort(([a], [b]) => a - b);
}
