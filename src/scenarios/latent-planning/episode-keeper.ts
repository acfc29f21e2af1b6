import { z } from 'zod';
import type { Episode } from '../../actors/replay/index.ts';
import { defineActor, port } from '../../actors/runtime/define.ts';

/** Keeps the episodes that it is sent, for whoever asks. */
export const episodeKeeper = defineActor(import.meta.url, {
  name: 'episode-keeper',
  config: z.object({ most: z.number().int().positive().describe('Those with a lower number are kept.') }),
  inputs: { episodes: port<Episode>() },
  outputs: {},
  start({ config, inputs }) {
    const kept: Episode[] = [];
    let told: (() => void) | undefined;
    inputs.episodes.subscribe(episode => {
      if (episode.index < config.most) kept.push(episode);
      if (kept.length === config.most) told?.();
    });
    return {
      /** Resolves when all that are to be kept are there, by number. */
      async episodes(): Promise<readonly Episode[]> {
        if (kept.length < config.most)
          await new Promise<void>(resolve => {
            told = resolve;
          });
        return [...kept].sort((a, b) => a.index - b.index);
      },
    };
  },
});
