import { openArms } from './arms/index.ts';
import { scenario } from './contract.ts';
import { stepsOf, trainForTarget } from './sim-to-real/cast.ts';
import { options } from './sim-to-real/options.ts';

/** SimGAN: a simulator learns to behave like a target that it has seen for eight minutes, and a policy learns in it. */
export default scenario({
  name: 'sim-to-real',
  summary: 'SimGAN learns from eight minutes of data how a target differs from the simulator, and for it.',
  options,
  smoke: {
    ...{ environments: 16, sourceIterations: 60, identifyIterations: 15, refineIterations: 40 },
    ...{ oracleIterations: 40, trajectories: 16, testEpisodes: 20 },
    arms: ['zeroShot', 'simGan', 'random'],
  },
  async play(stage): Promise<Record<string, number>> {
    const { options } = stage;
    const arms = await openArms(stage, { steps: stepsOf(options, name => options.arms.includes(name)) });
    try {
      const trained = await trainForTarget(options, arms);
      return { steps: trained.behavior.steps };
    } finally {
      await arms.close();
    }
  },
});
