import { openArms } from './arms/index.ts';
import { scenario } from './contract.ts';
import { gameArm } from './few-label-gan/cast.ts';
import { checks, shortSteps } from './few-label-gan/checks.ts';
import { groundOf } from './few-label-gan/data.ts';
import { writeExhibits } from './few-label-gan/exhibits.ts';
import { figuresOf, type GanResult, only } from './few-label-gan/figures.ts';
import { labelsFor } from './few-label-gan/labels.ts';
import { options } from './few-label-gan/options.ts';
import { plans } from './few-label-gan/plans.ts';
import { type Inference, metricOf, preparations } from './few-label-gan/preparations.ts';

/**
 * The few-label GAN: first a net for the judge and labels for the images, side by side; then one game an arm. Arms have the
 * same real images, the same noise and the same first weights.
 */
export default scenario({
  name: 'few-label-gan',
  summary: 'S3GAN draws digits by class from 500 labels: generator and discriminator play as two actors.',
  options,
  smoke: { arms: ['S3', 'unconditional', 'random'], steps: shortSteps, judgeEvery: shortSteps, probe: false },
  async play(stage): Promise<GanResult> {
    const { options, record, seed, executor } = stage;
    const ground = groundOf(options, seed);
    const inference: Inference = { ground, perClass: options.perClass, executor };
    const sources = options.arms.map(name => plans[name].labels);
    const first = preparations(inference, sources, options.probe);
    const arms = await openArms(stage, {
      steps: first.reduce((sum, { steps }) => sum + steps, 0) + options.arms.length * options.steps,
      learners: options.learners,
    });
    try {
      const prepared = await arms.play(first);
      const settings = { options, ground, metric: metricOf(prepared), executor };
      const made = { inferred: prepared['labels']?.labels, clusters: prepared['cluster labels']?.labels };
      const played = await arms.play(
        options.arms.map(name =>
          gameArm(name, plans[name], labelsFor(plans[name].labels, inference, made), settings),
        ),
      );
      const games = options.arms.map(name => [name, only(played, name)] as const);
      record.executor(games[0][1].executor);
      const { skipped, ...probe } = prepared['rotation probe']?.probe ?? {};
      if (skipped !== undefined) record.warn(`what rotations teach is left out: ${skipped}`);
      const result: GanResult = {
        arms: Object.fromEntries(games.map(([name, game]) => [name, figuresOf(game)])),
        judge: games[0][1].sanity,
        labels: {
          ...(made.inferred && { inferred: made.inferred.accuracy }),
          ...(made.clusters && { clusters: made.clusters.accuracy }),
        },
        probe,
        trained: options.steps,
      };
      writeExhibits(stage.folder, games, result, options);
      return result;
    } finally {
      await arms.close();
    }
  },
  checks,
});
