import { usageError } from '../../core/errors.ts';
import {
  type Cluster,
  instructionTuningConfig,
  knowledgeWorld,
  type Question,
  questionsOf,
  splitClusters,
  type World,
  type WorldFormat,
  wordVocabulary,
  worldClusters,
  worldGround,
} from '../../learners/instruction-tuning/index.ts';
import { languageModelConfig } from '../../learners/language-model/index.ts';
import type { Arm } from '../arms/index.ts';
import type { Stage } from '../contract.ts';
import {
  type Caught,
  type Exam,
  type Pretrained,
  pretrain,
  type Study,
  type Tuned,
  type Tuning,
  tune,
  tuneCaught,
} from './cast.ts';
import type { Options } from './options.ts';
import { plans, type TuningArm } from './plans.ts';

/** The made-up world, split: what is tuned on, what is held out. */
export interface WorldStudy extends Study {
  readonly world: World;
  /** Names of the clusters that arms may be tuned on. */
  readonly tunable: readonly string[];
  readonly shown: readonly Question[];
}

/** Questions under each template and held-out cluster that the report shows. */
const shownQuestions = 6;
/** Examples of each trained cluster that are asked at the end. */
const trainedExamples = 8;
/** Of each planted arm: enough for a batch that must be refused, or that must be found. */
export const plantedSteps = 4;

/** The world that the options and the seed give. @throws a usage error where the held-out relations leave too few */
export function worldStudy({ options, seed, executor }: Stage<Options>): WorldStudy {
  const { world: sizes, heldOut: held, judgeEvery } = options;
  const model = languageModelConfig.parse(options.model);
  const settings = instructionTuningConfig.parse(
    Object.fromEntries(
      Object.keys(instructionTuningConfig.shape).map(key => [key, options[key as 'length']]),
    ),
  );
  const world = knowledgeWorld(seed, sizes);
  const { relations } = world;
  const most = Math.max(...options.arms.map(name => clustersOf(name, 1)));
  if (relations.length - held < most) {
    throw usageError(
      `heldOut = ${held}: expected at least ${most} of ${relations.length} relations to be left to tune on`,
    );
  }
  const ground = worldGround(world, seed);
  const heldOut = relations.slice(-held);
  const split = splitClusters(ground.clusters, { test: heldOut, overlap: 'error' });
  const tunable = split.train.map(({ name }) => name);
  const questions = questionsOf(split.test, wordVocabulary(ground.words));
  const shown = Array.from(
    { length: shownQuestions },
    // Where there are few, some are shown twice.
    (_, i) => questions[(Math.floor((i * questions.length) / shownQuestions) + i) % questions.length],
  );
  return { ground, heldOut, model, settings, judgeEvery, executor, world, tunable, shown };
}

const clustersOf = (name: TuningArm, all: number): number => {
  const { clusters } = plans[name];
  return clusters === 'all' ? all : clusters;
};

const named = (clusters: readonly Cluster[], names: readonly string[]): Cluster[] =>
  clusters.filter(({ name }) => names.includes(name));

/** Of another width, with as many units between the dense layers in proportion. */
export function ofWidth(study: WorldStudy, width: number): WorldStudy {
  const inner = Math.max(1, Math.round((study.model.inner * width) / study.model.width));
  return { ...study, model: { ...study.model, width, inner } };
}

/** Exams on what is held out, in a format. */
const heldOutExam = (name: string, { world, heldOut }: WorldStudy, format: WorldFormat): Exam => ({
  name,
  clusters: named(worldClusters(world, format), heldOut),
  heldOut: true,
});

/** Pre-training of a model on the world's text, judged by instructions. */
export const pretrainArm = (name: string, study: WorldStudy): Arm<Pretrained> => ({
  name,
  steps: study.settings.pretraining.steps,
  play: lane => pretrain(lane, study, [heldOutExam('held-out', study, 'instruct')]),
});

/** What an arm of the world is tuned on, and asked. */
export function worldTuning(name: TuningArm, study: WorldStudy): Tuning {
  const { format, replay } = plans[name];
  const own = study.tunable.slice(0, clustersOf(name, study.tunable.length));
  const clusters = named(worldClusters(study.world, format), own);
  const trained = clusters.map(cluster => ({
    ...cluster,
    tasks: cluster.tasks.map(task => ({ ...task, examples: task.examples.slice(0, trainedExamples) })),
  }));
  return {
    clusters,
    replay,
    exams: [
      heldOutExam('held-out', study, 'instruct'),
      ...(format === 'instruct' ? [] : [heldOutExam('own', study, format)]),
    ],
    last: [{ name: 'trained', clusters: trained, heldOut: false }],
  };
}

/** An arm that tunes what was pre-trained. */
export const tuningArm = (
  name: string,
  plan: TuningArm,
  study: WorldStudy,
  { params }: Pretrained,
): Arm<Tuned> => ({
  name,
  steps: study.settings.tuning.steps,
  play: lane => tune(lane, study, params, worldTuning(plan, study)),
});

/**
 * Two attempts at learning what is held out: a held-out cluster in the mixture, and its questions under the name of another one,
 * which the guard cannot know.
 */
export function plantedArms(study: WorldStudy, { params }: Pretrained): Arm<Caught>[] {
  const short = {
    ...study,
    settings: { ...study.settings, tuning: { ...study.settings.tuning, steps: plantedSteps } },
  };
  const tuning = worldTuning('instruct', study);
  const [stolen] = named(study.ground.clusters, study.heldOut);
  const [first] = tuning.clusters;
  const attempt = (name: string, clusters: readonly Cluster[]): Arm<Caught> => ({
    name,
    steps: plantedSteps,
    play: lane => tuneCaught(lane, short, params, { ...tuning, clusters, replay: false }),
  });
  return [
    attempt('planted: held-out cluster', [stolen, first]),
    attempt('planted: under another name', [
      { ...stolen, name: first.name, tasks: stolen.tasks.map(task => ({ ...task, name: first.name })) },
    ]),
  ];
}
