import { z } from 'zod';
import { type Chunks, chunkFields } from '../../../src/actors/replay/chunks.ts';
import type { Episode } from '../../../src/actors/replay/episodes.ts';
import { type ChunkNeed, sequenceReplayConfig } from '../../../src/actors/replay/sequence-replay.ts';
import { defineActor, port, slab } from '../../../src/actors/runtime/define.ts';
import { allocateSlab, copySlab } from '../../../src/actors/trajectory.ts';

/** Collector and learner of a replay of sequences in one, by hand. */
export const chunkEnds = defineActor(import.meta.url, {
  name: 'ends',
  config: z.object({ settings: sequenceReplayConfig }),
  inputs: ({ settings }) => ({ chunks: slab(chunkFields(settings)) }),
  outputs: { episodes: port<Episode>(), needs: port<ChunkNeed>() },
  start({ config: { settings }, inputs, outputs }) {
    const taken: Chunks[] = [];
    inputs.chunks.subscribe(chunks => {
      const copy = allocateSlab(chunkFields(settings));
      copySlab(chunks, copy);
      taken.push(copy);
    });
    return {
      async give(episode: Episode): Promise<void> {
        await outputs.episodes.ready();
        outputs.episodes.next(episode);
      },
      need: (need: ChunkNeed) => outputs.needs.next(need),
      taken: (): Chunks[] => taken.splice(0),
    };
  },
});
