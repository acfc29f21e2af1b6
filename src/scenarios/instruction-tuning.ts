import { type Arm, openArms } from './arms/index.ts';
import { scenario } from './contract.ts';
import {
  ofWidth,
  plantedArms,
  plantedSteps,
  pretrainArm,
  tuningArm,
  worldStudy,
} from './instruction-tuning/arms.ts';
import type { Caught, Pretrained, Tuned } from './instruction-tuning/cast.ts';
import { checks, short } from './instruction-tuning/checks.ts';
import { writeExhibits } from './instruction-tuning/exhibits.ts';
import { figuresOf, type Played, type TuningResult } from './instruction-tuning/figures.ts';
import { options } from './instruction-tuning/options.ts';
import { wordArm, wordArms, wordPretrainArm, wordStudy } from './instruction-tuning/word-arms.ts';

const pretraining = (width: number): string => `pre-training, width ${width}`;
const sized = (width: number): string => `instruct, width ${width}`;

/**
 * Instruction tuning: models are pre-trained once, one a width, and every arm tunes the same parameters in another way. What is
 * held out is never asked for before the exam.
 */
export default scenario({
  name: 'instruction-tuning',
  summary: 'FLAN tunes a small language model on instructions, and asks it what it was never asked.',
  options,
  smoke: {
    world: { entities: 20, relations: short.relations },
    heldOut: 2,
    model: { width: 48, inner: 192 },
    pretraining: { steps: short.pretraining },
    tuning: { steps: short.tuning },
    arms: ['instruct', 'no-template', 'instruct-1'],
    sizes: [],
    judgeEvery: 120,
    words: { play: false },
  },
  async play(stage): Promise<TuningResult> {
    const { options, record, folder } = stage;
    const study = worldStudy(stage);
    const { study: words, missing } = wordStudy(stage, study);
    if (missing !== undefined) record.warn(`real words are left out: ${missing}`);
    const { width } = options.model;
    const widths = options.sizes.filter(size => size !== width);
    const first: Arm<Pretrained>[] = [
      pretrainArm(pretraining(width), study),
      ...widths.map(size => pretrainArm(pretraining(size), ofWidth(study, size))),
      ...(words ? [wordPretrainArm(words)] : []),
    ];
    const tunings = options.arms.length + widths.length;
    const arms = await openArms(stage, {
      steps:
        first.reduce((sum, { steps }) => sum + steps, 0) +
        tunings * options.tuning.steps +
        (options.planted ? 2 * plantedSteps : 0) +
        (words ? words.ground.clusters.length * words.settings.tuning.steps : 0),
      learners: options.learners,
    });
    try {
      const before = await arms.play(first);
      const pretrained = before[pretraining(width)];
      const second: Arm<Tuned>[] = [
        ...options.arms.map(name => tuningArm(name, name, study, pretrained)),
        ...widths.map(size =>
          tuningArm(sized(size), 'instruct', ofWidth(study, size), before[pretraining(size)]),
        ),
        ...(words ? wordArms(words, before['words, pre-training']) : []),
      ];
      const tuned = await arms.play(second);
      const caught = options.planted ? await arms.play<Caught>(plantedArms(study, pretrained)) : {};
      record.executor(pretrained.executor);
      const own = tuned.instruct ? [{ width, pretrained, tuned: tuned.instruct }] : [];
      const played: Played = {
        pretrained,
        tuned,
        sizes: [
          ...widths.map(size => ({
            width: size,
            pretrained: before[pretraining(size)],
            tuned: tuned[sized(size)],
          })),
          ...own,
        ].sort((a, b) => a.width - b.width),
        planted: Object.values(caught),
        words: words && {
          pretrained: before['words, pre-training'],
          tuned: Object.fromEntries(words.ground.clusters.map(({ name }) => [name, tuned[wordArm(name)]])),
        },
      };
      const result = figuresOf(played, study);
      writeExhibits(folder, played, result, study, missing);
      return result;
    } finally {
      await arms.close();
    }
  },
  checks,
});
