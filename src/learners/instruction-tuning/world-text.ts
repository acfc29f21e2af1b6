import { Random } from '../../core/random.ts';
import type { Probe } from './contract.ts';
import { fillerOf } from './filler.ts';
import { fill } from './render.ts';
import { factOf, itemOf, type World } from './world.ts';
import { instructionWords } from './world-formats.ts';

/** Declarative paraphrases, in different orders. All but the last end in the item, and so can be asked. */
const paraphrases = [
  '{entity} {relation} {item}',
  '{relation} of {entity} is {item}',
  '{relation} for {entity}: {item}',
  '{entity} has {relation} {item}',
  '{item} is {relation} of {entity}',
];
const askable = paraphrases.slice(0, 4).map(text => text.replace(/ \{item\}$/, ''));

const each = <T>(world: World, tell: (entity: number, relation: number) => T): T[] =>
  world.entities.flatMap((_, e) => world.relations.map((_, r) => tell(e, r)));

const fieldsOf = (world: World, entity: number, relation: number) => ({
  entity: world.entities[entity],
  relation: world.relations[relation],
  item: itemOf(world, entity, relation),
});

/** Every fact in every paraphrase. */
export const worldStatements = (world: World): string[] =>
  each(world, (e, r) => paraphrases.map(text => fill(text, fieldsOf(world, e, r)))).flat();

/** Words of later instructions, and items, in no order that means anything. */
export const worldFiller = (world: World, seed: number): string[] =>
  fillerOf(Random.fromSeed(seed).split('filler'), instructionWords, world.items);

/** One probe a fact, in the paraphrases that end in the item by turns. */
export const worldProbes = (world: World): Probe[] =>
  each(world, (e, r) => {
    const { item, ...fields } = fieldsOf(world, e, r);
    return {
      cluster: world.relations[r],
      fact: factOf(world, e, r),
      prompt: fill(askable[(e + r) % askable.length], fields),
      answer: item,
    };
  });
