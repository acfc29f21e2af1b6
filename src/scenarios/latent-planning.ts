import { type Arm, openArms } from './arms/index.ts';
import { scenario } from './contract.ts';
import { armsOf, stepsOf } from './latent-planning/arms.ts';
import { type ArmPlayed, playControl, playPlanetArm } from './latent-planning/cast.ts';
import { checks } from './latent-planning/checks.ts';
import { pixelChecks } from './latent-planning/checks-pixels.ts';
import { writePlanningExhibits } from './latent-planning/exhibits.ts';
import { figuresOf } from './latent-planning/figures.ts';
import { foresee, showForeseen } from './latent-planning/foreseen.ts';
import { options as given, settled } from './latent-planning/options.ts';
import { playPpo } from './latent-planning/ppo-arm.ts';
import { playOracle, playRandom } from './latent-planning/world-arms.ts';

/** PlaNet beside its ablations, baselines and controls. */
export default scenario({
  name: 'latent-planning',
  summary: 'PlaNet learns what follows from its actions, and plans in what it has learned.',
  options: given,
  smoke: {
    episodes: 12,
    tests: 4,
    arms: ['ppo', 'random', 'noiseScores'],
    ppoTimes: [1],
    planet: {
      ...{ deterministic: 32, stochastic: 8, hidden: 32, updatesPerEpisode: 40 },
      planning: { candidates: 50, iterations: 3 },
    },
  },
  async play(stage) {
    const { record, folder, executor, seed } = stage;
    const options = settled(stage.options);
    const arms = armsOf(options);
    const all = [...arms.planet, ...arms.world, ...arms.controls];
    const steps = all.reduce((sum, arm) => sum + stepsOf(arm, options), 0);
    const lanes = await openArms(stage, { steps });
    try {
      const learning = arms.planet.map(
        (arm): Arm<ArmPlayed> => ({
          ...{ name: arm.name, steps: stepsOf(arm, options) },
          play: lane => playPlanetArm(lane, arm, options, executor),
        }),
      );
      const others = arms.world.map(
        (arm): Arm<ArmPlayed> => ({
          ...{ name: arm.name, steps: stepsOf(arm, options) },
          play: lane => {
            const { kind, task, tests, times = 1 } = arm;
            if (kind === 'ppo') return playPpo(lane, task, options, times, executor);
            if (kind === 'oracle') return playOracle(lane, task, options, tests);
            return playRandom(lane, task, tests);
          },
        }),
      );
      const [method, ...ablations] = learning;
      const first = await lanes.play<ArmPlayed>([method, ...others]);
      const { parameters, film } = first['planet'];
      const controls = arms.controls.map(
        (arm): Arm<ArmPlayed> => ({
          ...{ name: arm.name, steps: stepsOf(arm, options) },
          play: lane => playControl(lane, arm, options, parameters, executor),
        }),
      );
      // What the method is judged by comes first: ablations take the longest.
      const second = await lanes.play<ArmPlayed>([...controls, ...ablations]);
      const loops = await foresee(lanes, first['planet'], options, { seed, executor });
      await lanes.close();
      const played = { ...first, ...second };
      if (film) record.film(film);
      const result = {
        ...figuresOf(arms, played, options),
        ...(await showForeseen(folder, loops, played, options)),
      };
      writePlanningExhibits(folder, arms, played, options, result);
      return result;
    } finally {
      await lanes.close();
    }
  },
  checks: [...checks, ...pixelChecks],
});
