import type { Cluster, Ground, Template } from './contract.ts';
import { wordsOf } from './vocabulary.ts';
import { choices, factOf, itemOf, type World } from './world.ts';
import { worldFiller, worldProbes, worldStatements } from './world-text.ts';

/** How a question is put: instructions, the entity alone, a number in place of the relation, or instructions before the options. */
export const worldFormats = ['instruct', 'noTemplate', 'nameOnly', 'optionsAfter'] as const;
/** One of them. */
export type WorldFormat = (typeof worldFormats)[number];

const questions = [
  'question: what is the {relation} of {entity}?',
  'which of these is, for {entity}, the {relation}?',
  'name the {relation} that {entity} has.',
];
const asking = (input: string): Template => ({ input, target: '{answer}', inverted: false });

const templates: Readonly<Record<WorldFormat, readonly Template[]>> = {
  instruct: questions.map(question => asking(`{options_}\n${question}\nanswer:`)),
  noTemplate: [asking('{options_}\n{entity}')],
  nameOnly: [asking('{options_}\n{name} {entity}')],
  optionsAfter: questions.map(question => asking(`${question}\n{options_}\nanswer:`)),
};

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
        templates: [...templates[format]],
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
