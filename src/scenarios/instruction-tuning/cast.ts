import { firstValueFrom, takeWhile, toArray } from 'rxjs';
import { asError } from '../../core/errors.ts';
import {
  type Cluster,
  clusterJudge,
  type Ground,
  holdoutGuard,
  type InstructionTuningConfig,
  lmLearner,
  mixture,
  type RankQuery,
  type RankReply,
  refusal,
  sentenceStream,
  type TuningReport,
  type TuningVerdict,
  wordVocabulary,
} from '../../learners/instruction-tuning/index.ts';
import type { LanguageModelConfig } from '../../learners/language-model/index.ts';
import type { Executor } from '../../tensors/contract.ts';
import type { Lane } from '../arms/index.ts';

/** What arms that are compared have in common. */
export interface Study {
  readonly ground: Ground;
  /** Names of the clusters that no arm is tuned on. */
  readonly heldOut: readonly string[];
  readonly model: LanguageModelConfig;
  readonly settings: InstructionTuningConfig;
  /** Steps of tuning between two judgements. */
  readonly judgeEvery: number;
  /** Questions whose answers the report shows. */
  readonly shown: readonly RankQuery[];
  readonly executor: string;
}

/** What a judge asks. */
export interface Exam {
  readonly name: string;
  readonly clusters: readonly Cluster[];
  /** Whether no fact of it may have been asked for in tuning. */
  readonly heldOut: boolean;
}

/** What came of pre-training. */
export interface Pretrained {
  /** All parameters end to end. */
  readonly params: Float32Array;
  readonly reports: readonly TuningReport[];
  /** How the model does on the exams before any tuning. */
  readonly verdict: TuningVerdict;
  /** Its answers to the questions that are shown. */
  readonly replies: readonly RankReply[];
  readonly executor: Executor;
}

/** What an arm is tuned on, and how it is judged. */
export interface Tuning {
  /** What the mixture renders. */
  readonly clusters: readonly Cluster[];
  readonly replay: boolean;
  /** At every judgement. */
  readonly exams: readonly Exam[];
  /** At the end alone. */
  readonly last: readonly Exam[];
}

/** What came of an arm. */
export interface Tuned {
  readonly params: Float32Array;
  readonly reports: readonly TuningReport[];
  readonly verdicts: readonly TuningVerdict[];
  readonly last: TuningVerdict['exams'];
  readonly replies: readonly RankReply[];
  /** Batches that the guard let through and refused. */
  readonly guard: { readonly admitted: number; readonly refused: number };
  /** Facts of held-out exams that were looked for among those that tuning asked for; none was found. */
  readonly unseen: number;
}

const reports = 20;

/** Reads declarative text until the facts are known, and sees what the model makes of instructions. */
export async function pretrain(lane: Lane, study: Study, exams: readonly Exam[]): Promise<Pretrained> {
  const { steps } = study.settings.pretraining;
  const text = await spawnText(lane, study, study.settings.pretraining.batch);
  const learner = await lane.learner(lmLearner, {
    ...learnerOf(study),
    phase: 'pretrain',
    steps,
    learningRate: study.settings.pretraining.learningRate,
    reportEvery: Math.ceil(steps / reports),
    seed: lane.seed,
  });
  const judge = await spawnJudge(lane, study, exams);
  lane.link(learner.outputs.textNeeds, text.inputs.needs);
  lane.link(text.outputs.batches, learner.inputs.text);
  const told = gather(lane, learner.outputs.reports);
  const { params, executor } = await learner.call.learn(null);
  const verdict = { step: 0, ...(await judge.call.judge(params)) };
  const replies = await judge.call.answer(params, study.shown);
  return { params, reports: told, verdict, replies, executor };
}

/**
 * Tunes a pre-trained model, and judges it while it learns.
 * @throws where the guard refused a batch, or tuning asked for a held-out fact
 */
export async function tune(lane: Lane, study: Study, from: Float32Array, tuning: Tuning): Promise<Tuned> {
  const { steps } = study.settings.tuning;
  const { learner, guard, judge } = await castTuning(lane, study, tuning);
  const told = gather(lane, learner.outputs.reports);
  const judged = firstValueFrom(
    judge.outputs.verdicts.pipe(
      takeWhile(({ step }) => step < steps, true),
      toArray(),
    ),
  );
  judged.catch(() => {}); // nobody waits for it where learning fails
  const { params } = await learner.call.learn(from);
  const verdicts = await judged;
  for (const { step, exams, recall } of verdicts) lane.row(step, rowOf(exams, recall), `${lane.arm} judge`);
  const account = await guard.call.account();
  const unseen = await judge.call.mustBeUnseen(account);
  const { admitted, refused } = account;
  const replies = await judge.call.answer(params, study.shown);
  const last = await judgeLast(lane, study, tuning.last, params);
  return { params, reports: told, verdicts, last, replies, guard: { admitted, refused }, unseen };
}

/** What the guard and the judge made of tuning on what is held out. */
export interface Caught {
  /** Batches that the guard let through and refused, and whether learning ended there. */
  readonly admitted: number;
  readonly refused: number;
  readonly ended: boolean;
  /** Whether the judge found held-out facts among those that tuning asked for. */
  readonly leak: boolean;
}

/** The same where tuning must be stopped: an attempt to learn from what is held out. */
export async function tuneCaught(
  lane: Lane,
  study: Study,
  from: Float32Array,
  tuning: Tuning,
): Promise<Caught> {
  const { learner, guard, judge } = await castTuning(lane, study, tuning);
  const ended = await learner.call.learn(from).then(() => false, endedByGuard);
  const { admitted, refused, facts } = await guard.call.account();
  return { admitted, refused, ended, leak: (await judge.call.leaksIn({ facts })).length > 0 };
}

/** @throws whatever else it is: an arm that fails for another reason has shown nothing */
function endedByGuard(error: unknown): boolean {
  if (asError(error).message.includes(refusal)) return true;
  throw error;
}

/** Mixture, guard and learner in a row, declarative text beside them, and a judge who is shown what the learner is. */
async function castTuning(lane: Lane, study: Study, { clusters, replay, exams }: Tuning) {
  const { settings, heldOut, judgeEvery, ground } = study;
  const { steps, batch, learningRate, weightDecay } = settings.tuning;
  const share = replay ? settings.tuning.replay : 0;
  const { examplesPerTask, rateCap } = settings;
  const mixed = await lane.spawn(mixture, {
    words: [...ground.words],
    clusters: [...clusters],
    ...{ batch, examplesPerTask, rateCap, seed: lane.seed },
  });
  const tested = ground.clusters.filter(({ name }) => heldOut.includes(name));
  const guard = await lane.spawn(holdoutGuard, {
    clusters: [...heldOut],
    tasks: tested.flatMap(({ tasks }) => tasks.map(({ name }) => name)),
  });
  const learner = await lane.learner(lmLearner, {
    ...learnerOf(study),
    phase: 'tune',
    ...{ steps, learningRate, weightDecay, replay: share },
    reportEvery: Math.ceil(steps / reports),
    snapshotEvery: judgeEvery,
    seed: lane.seed,
  });
  const judge = await spawnJudge(lane, study, exams);
  lane.link(learner.outputs.tuningNeeds, guard.inputs.needs);
  lane.link(guard.outputs.needs, mixed.inputs.needs);
  lane.link(mixed.outputs.batches, guard.inputs.batches);
  lane.link(guard.outputs.admissions, learner.inputs.tuning);
  lane.link(learner.outputs.snapshots, judge.inputs.snapshots);
  if (share > 0) {
    const text = await spawnText(lane, study, settings.pretraining.batch);
    lane.link(learner.outputs.textNeeds, text.inputs.needs);
    lane.link(text.outputs.batches, learner.inputs.text);
  }
  return { learner, guard, judge };
}

async function judgeLast(lane: Lane, study: Study, exams: readonly Exam[], params: Float32Array) {
  if (exams.length === 0) return {};
  const judge = await spawnJudge(
    lane,
    { ...study, ground: { ...study.ground, probes: [] } },
    exams,
    'last judge',
  );
  return (await judge.call.judge(params)).exams;
}

const learnerOf = ({ model, ground, executor }: Study) => ({
  model,
  vocabulary: wordVocabulary(ground.words).size,
  executor,
});

const spawnText = (lane: Lane, { ground, settings }: Study, batch: number) =>
  lane.spawn(sentenceStream, {
    words: [...ground.words],
    statements: [...ground.statements],
    filler: [...ground.filler],
    fillerShare: settings.fillerShare,
    length: settings.length,
    batch,
    seed: lane.seed,
  });

const spawnJudge = (lane: Lane, study: Study, exams: readonly Exam[], name = 'judge') =>
  lane.spawn(
    clusterJudge,
    {
      words: [...study.ground.words],
      model: study.model,
      exams: exams.map(exam => ({ ...exam, clusters: [...exam.clusters] })),
      probes: study.ground.probes.filter(({ cluster }) => study.heldOut.includes(cluster)),
      executor: study.executor,
    },
    { name },
  );

/** Reports of a learner as they come, told to the lane. */
function gather(
  lane: Lane,
  source: { subscribe(next: (report: TuningReport) => void): unknown },
): TuningReport[] {
  const told: TuningReport[] = [];
  source.subscribe(report => {
    told.push(report);
    lane.progress(report.step);
    const { step, textLoss, targetLoss } = report;
    lane.row(step, {
      ...(textLoss !== null && { text_loss: textLoss }),
      ...(targetLoss !== null && { target_loss: targetLoss }),
    });
  });
  return told;
}

const rowOf = (exams: TuningVerdict['exams'], recall: TuningVerdict['recall']): Record<string, number> => ({
  ...Object.fromEntries(Object.entries(exams).map(([name, { accuracy }]) => [`accuracy_${name}`, accuracy])),
  recall: meanOf(Object.values(recall)),
});

/** The mean; 0 of none. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
