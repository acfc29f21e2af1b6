import type { Cluster, Ground } from './contract.ts';
import { wordsOf } from './vocabulary.ts';
import { choices, factOf, itemOf, type World } from './world.ts';
import { type WorldFormat, worldFormats, worldTemplates } from './world-formats.ts';
import { worldFiller, worldProbes, worldStatements } from './world-text.ts';

/** The relations of a world as clusters of one task each, a question an entity. */
export function worldClusters(world: World, format: WorldFormat): Cluster[] {
  const { entities, relations, items, options } = world;
  return relations.map((relation, r) => ({
    name: relation,
    related: [],
    neverTested: false,
    tasks: [
      {
        name: relation,
        templates: [...worldTemplates[format]],
        examples: entities.map((entity, e) => {
          const at = (e * relations.length + r) * choices;
          return {
            fact: factOf(world, e, r),
            fields: { entity, relation, name: `id${r}` },
            options: Array.from(options.subarray(at, at + choices), item => items[item]),
            answer: itemOf(world, e, r),
          };
        }),
      },
    ],
  }));
}

/** A world as the ground of a run; its clusters are in the format of instructions, its words serve all formats. */
export function worldGround(world: World, seed: number): Ground {
  const ground = {
    statements: worldStatements(world),
    filler: worldFiller(world, seed),
    clusters: worldClusters(world, 'instruct'),
    probes: worldProbes(world),
  };
  const others = worldFormats.flatMap(format => worldClusters(world, format));
  return { words: wordsOf(ground, others), ...ground };
}
