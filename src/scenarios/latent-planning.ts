import { openArms } from './arms/index.ts';
import { scenario } from './contract.ts';
import { planetArm } from './latent-planning/arms.ts';
import { playPlanetArm } from './latent-planning/cast.ts';
import { mean } from './latent-planning/judging.ts';
import { options } from './latent-planning/options.ts';

export default scenario({
  name: 'latent-planning',
  summary: 'PlaNet learns what follows from its actions, and plans in what it has learned.',
  options,
  smoke: { episodes: 12, tests: 5 },
  async play(stage) {
    const { options, record } = stage;
    const lanes = await openArms(stage, { steps: options.episodes });
    try {
      const played = await lanes.play([
        {
          name: planetArm.name,
          steps: options.episodes,
          play: lane => playPlanetArm(lane, planetArm, options, stage.executor),
        },
      ]);
      const { film, tests } = played['planet'];
      if (film) record.film(film);
      return { planet: { return: mean(tests) } };
    } finally {
      await lanes.close();
    }
  },
});
