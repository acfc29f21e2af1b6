import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { entityNames, itemWords, relationWords } from './world-words.ts';

/** How large a world is. */
export const worldSizes = z.strictObject({
  entities: z.number().int().min(2).max(2000).default(40).describe('Whom facts are about.'),
  relations: z.number().int().min(4).default(24).describe('What is known of each: the clusters.'),
  items: z
    .number()
    .int()
    .min(5)
    .default(32)
    .describe('Values, one pool for all relations; more than relations.'),
});
/** `worldSizes`, parsed. */
export type WorldSizes = z.output<typeof worldSizes>;

/** Facts that no text outside of the world tells: each relation of each entity is an item. */
export interface World {
  readonly entities: readonly string[];
  readonly relations: readonly string[];
  readonly items: readonly string[];
  /** [entities, relations], row-major: places in `items`, distinct within an entity */
  readonly values: Int32Array;
  /** [entities, relations, 4], row-major: places in `items` of what there is to choose from, in a random order */
  readonly options: Int32Array;
}

/** Options of a question. */
export const choices = 4;

/**
 * A world: a function of the seed and the sizes. The options of a question are the true item, two that the same entity has under
 * other relations, and one that it has not: items are shared, so that options do not say which relation is asked for.
 */
export function knowledgeWorld(seed: number, sizes: z.input<typeof worldSizes> = {}): World {
  const { entities, relations, items } = worldSizes.parse(sizes);
  if (items <= relations) {
    throw usageError(`items = ${items}: expected more than the ${relations} relations`);
  }
  const random = Random.fromSeed(seed).split('knowledge world');
  const values = new Int32Array(entities * relations);
  const options = new Int32Array(entities * relations * choices);
  for (let e = 0; e < entities; e++) {
    const draw = random.split('entity', e);
    const pool = draw.shuffle(Array.from({ length: items }, (_, item) => item));
    const [own, others] = [pool.slice(0, relations), pool.slice(relations)];
    values.set(own, e * relations);
    own.forEach((item, r) => {
      const [one, two] = draw.shuffle(own.filter((_, other) => other !== r));
      const shown = draw.shuffle([item, one, two, others[draw.integer(others.length)]]);
      options.set(shown, (e * relations + r) * choices);
    });
  }
  return {
    entities: entityNames(random.split('names'), entities),
    relations: relationWords(relations),
    items: itemWords(items),
    values,
    options,
  };
}

/** The name of the item that an entity has under a relation. */
export const itemOf = ({ relations, items, values }: World, entity: number, relation: number): string =>
  items[values[entity * relations.length + relation]];

/** The fact that is asked for, whatever the words. */
export const factOf = ({ entities, relations }: World, entity: number, relation: number): string =>
  `${entities[entity]} ${relations[relation]}`;
