import { oneLine, TroupeError } from '../../core/errors.ts';
import { splitClusters } from '../../learners/instruction-tuning/index.ts';
import type { Arm } from '../arms/index.ts';
import type { Stage } from '../contract.ts';
import { type Pretrained, pretrain, type Study, type Tuned, tune } from './cast.ts';
import type { Options } from './options.ts';
import { wordGround } from './word-ground.ts';

/** Why there are no real words, in a line that holds the fix; nothing where they can be had. */
export interface WordStudy {
  readonly study?: Study;
  readonly missing?: string;
}

/** Real words, where their packages are installed. @param from what the world's study has, but for its facts */
export function wordStudy({ options, seed }: Stage<Options>, from: Study, open = wordGround): WordStudy {
  const { play, facts, pretraining, tuning } = options.words;
  if (!play) return {};
  try {
    const ground = open(facts, seed);
    const { settings } = from;
    return {
      study: {
        ...from,
        ground,
        heldOut: ground.clusters.map(({ name }) => name),
        settings: {
          ...settings,
          pretraining: { ...settings.pretraining, steps: pretraining },
          tuning: { ...settings.tuning, steps: tuning },
        },
        shown: [],
      },
    };
  } catch (error) {
    // What is not about packages is a fault, and not to be passed over.
    if (!(error instanceof TroupeError && error.kind === 'usage')) throw error;
    return { missing: oneLine(error) };
  }
}

/** Pre-training on all that is so of the words, judged on all clusters. */
export const wordPretrainArm = (study: Study): Arm<Pretrained> => ({
  name: 'words, pre-training',
  steps: study.settings.pretraining.steps,
  play: lane => pretrain(lane, study, [{ name: 'held-out', clusters: study.ground.clusters, heldOut: true }]),
});

/** One arm a cluster, which holds it out and is tuned on the others. */
export const wordArms = (study: Study, { params }: Pretrained): Arm<Tuned>[] =>
  study.ground.clusters.map(({ name }) => {
    const heldOut = [name];
    const { train, test } = splitClusters(study.ground.clusters, { test: heldOut, overlap: 'error' });
    const { steps } = study.settings.tuning;
    return {
      name: wordArm(name),
      steps,
      play: lane =>
        tune(lane, { ...study, heldOut, judgeEvery: steps }, params, {
          clusters: train,
          replay: true,
          exams: [{ name: 'held-out', clusters: test, heldOut: true }],
          last: [],
        }),
    };
  });

export const wordArm = (cluster: string): string => `words, ${cluster} held out`;
