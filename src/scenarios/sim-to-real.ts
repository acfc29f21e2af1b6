import { robotOf } from '../learners/simgan/robots.ts';
import { openArms } from './arms/index.ts';
import { scenario } from './contract.ts';
import { isPlayed, stepsOf, trainForTarget } from './sim-to-real/cast.ts';
import { checks } from './sim-to-real/checks.ts';
import { writeSimToRealExhibits } from './sim-to-real/exhibits.ts';
import { figuresOf, type SimToRealResult } from './sim-to-real/figures.ts';
import { type Tested, testInTarget, trialsIn } from './sim-to-real/in-target.ts';
import { judge, openTrials } from './sim-to-real/judging.ts';
import { likenessOfSeed, type SeedLikeness } from './sim-to-real/likeness.ts';
import { options, withBudget } from './sim-to-real/options.ts';
import { type ArmName, armNames } from './sim-to-real/results.ts';

/** What SimGAN is held against beside zero-shot. */
const rivals: readonly (readonly [ArmName, ArmName])[] = [
  ['simGan', 'zeroShot'],
  ['simGan', 'ft'],
  ['simGan', 'dr'],
  ['simGan', 'sysIdConst'],
];

/** SimGAN: a simulator learns to behave like a target that it has seen for eight minutes, and a policy learns in it. */
export default scenario({
  name: 'sim-to-real',
  summary:
    'SimGAN learns from eight minutes of data how a target differs from the simulator, and readies a policy for it.',
  options,
  smoke: {
    ...{ environments: 16, sourceIterations: 60, identifyIterations: 15, refineIterations: 40 },
    ...{ oracleIterations: 40, trajectories: 16, testEpisodes: 20 },
    arms: ['zeroShot', 'simGan', 'random'],
  },
  async play(stage): Promise<SimToRealResult> {
    const { folder, seed } = stage;
    const options = withBudget(stage.options);
    const robot = robotOf(options.robot);
    const played = armNames.filter(name => isPlayed(name, options));
    const trials = played.length * options.identifications * options.testEpisodes;
    const arms = await openArms(stage, { steps: stepsOf(options, name => played.includes(name)) + trials });
    try {
      const trained = await trainForTarget(options, arms);
      const planned = {
        ...{ robot: options.robot, target: options.target, arms: played },
        ...{ seeds: options.identifications, testEpisodes: options.testEpisodes },
      };
      openTrials(folder, planned, seed);
      const { tests: tested } = await arms.play<Tested>([
        {
          name: 'tests',
          steps: trialsIn(trained, options.testEpisodes),
          play: lane =>
            testInTarget(lane, trained, {
              ...{ robot, environment: { engine: options.engine } },
              ...{ testEpisodes: options.testEpisodes, trajectories: options.trajectories },
            }),
        },
      ]);
      const likeness = await arms.play<SeedLikeness>(
        tested.floors.map((floor, k) => ({
          name: `likeness ${k + 1}`,
          steps: 0,
          play: lane => likenessOfSeed(lane, trained, robot, k, floor),
        })),
      );
      const findings = {
        ...{ options, robot, trained, tested },
        judged: judge(folder, planned, tested, seed, rivals),
        likeness: tested.floors.map((_, k) => likeness[`likeness ${k + 1}`]),
      };
      const result = figuresOf(findings);
      writeSimToRealExhibits(folder, findings, result);
      return result;
    } finally {
      await arms.close();
    }
  },
  checks,
});
