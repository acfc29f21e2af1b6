import { join } from 'node:path';
import { openArms } from './arms/index.ts';
import { scenario } from './contract.ts';
import { checks, recallSteps } from './long-context/checks.ts';
import { writeExhibits } from './long-context/exhibits.ts';
import { figuresOf, type LongContextFigures, type Played } from './long-context/figures.ts';
import { textGround } from './long-context/ground.ts';
import { languagePlan } from './long-context/language.ts';
import { options } from './long-context/options.ts';
import { languageArm, nets, speedArm } from './long-context/plans.ts';
import { recallPlan } from './long-context/recall.ts';
import { keepModel, samplesOf } from './long-context/speaking.ts';
import { speedPlan } from './long-context/speed.ts';

/**
 * Transformer-XL against the same net without a memory: what it recalls, how well it guesses a real text, and how fast it
 * reads. What is timed is played alone, when all else is done.
 */
export default scenario({
  name: 'long-context',
  summary:
    'Transformer-XL remembers segments of text that it has read: further back, and far faster to read on.',
  options,
  smoke: {
    arms: ['recall', 'speed'],
    recall: { distances: [32], steps: recallSteps },
    speed: { attention: [32, 64] },
  },
  async play(stage): Promise<LongContextFigures> {
    const { options, executor, seed, folder, record } = stage;
    const wants = (part: (typeof options.arms)[number]) => options.arms.includes(part);
    const ground = wants('language') || wants('speed') ? textGround(options) : undefined;
    const languagePlans =
      ground && wants('language') ? nets.map(net => languagePlan(net, ground, options, executor)) : [];
    const recallPlans = wants('recall')
      ? options.recall.distances.flatMap(distance =>
          nets.map(net => recallPlan(net, distance, options, executor)),
        )
      : [];
    const speedPlans = ground && wants('speed') ? [speedPlan(ground, options, executor)] : [];
    const arms = await openArms(stage, {
      steps: [...languagePlans, ...recallPlans, ...speedPlans].reduce((sum, { steps }) => sum + steps, 0),
      learners: options.learners,
    });
    try {
      const language = await arms.play(languagePlans);
      const recall = await arms.play(recallPlans);
      const { [speedArm]: speed } = await arms.play(speedPlans);
      const played: Played = { language, recall, speed };
      const [done] = [...Object.values(language), ...Object.values(recall)];
      if (done) record.executor(done.executor);
      const figures = figuresOf(played, options, ground?.tokensPerCharacter ?? 1);
      const spoken = language[languageArm('xl')];
      const model = ground && spoken ? { ground, options, seed, parameters: spoken.params } : undefined;
      if (model) keepModel(join(folder, 'language-model'), model);
      writeExhibits(folder, options, played, figures, model ? await samplesOf(model, executor) : []);
      return figures;
    } finally {
      await arms.close();
    }
  },
  checks,
});
