import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  knowledgeWorld,
  render,
  wordVocabulary,
  worldClusters,
  worldFormats,
  worldGround,
} from '../../../src/learners/instruction-tuning/index.ts';

const sized = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    entities: fc.integer({ min: 2, max: 12 }),
    relations: fc.integer({ min: 4, max: 26 }),
    spare: fc.integer({ min: 1, max: 10 }),
  })
  .map(({ spare, seed, ...sizes }) => ({ seed, sizes: { ...sizes, items: sizes.relations + spare } }));

describe('the world', () => {
  test('is a function of the seed and the sizes', () => {
    fc.assert(
      fc.property(sized, ({ seed, sizes }) => {
        expect(knowledgeWorld(seed, sizes)).toEqual(knowledgeWorld(seed, sizes));
        expect(knowledgeWorld(seed + 1, sizes).values).not.toEqual(knowledgeWorld(seed, sizes).values);
      }),
      { numRuns: 12 },
    );
  });

  test('an entity has no item twice, and names are told apart', () => {
    fc.assert(
      fc.property(sized, ({ seed, sizes }) => {
        const { entities, relations, items, values } = knowledgeWorld(seed, sizes);
        const names = [...entities, ...relations, ...items];
        expect(new Set(names).size).toBe(sizes.entities + sizes.relations + sizes.items);
        for (let e = 0; e < sizes.entities; e++) {
          const own = values.subarray(e * sizes.relations, (e + 1) * sizes.relations);
          expect(new Set(own).size).toBe(sizes.relations);
          expect(Math.min(...own)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...own)).toBeLessThan(sizes.items);
        }
      }),
      { numRuns: 12 },
    );
  });

  test('options are the true item, two of other relations, and one that the entity has not', () => {
    fc.assert(
      fc.property(sized, ({ seed, sizes }) => {
        const { values, options } = knowledgeWorld(seed, sizes);
        expect(options).toHaveLength(4 * values.length);
        values.forEach((item, at) => {
          const shown = options.subarray(at * 4, at * 4 + 4);
          const first = Math.floor(at / sizes.relations) * sizes.relations;
          const own = values.subarray(first, first + sizes.relations);
          const had = shown.filter(option => own.includes(option)).length;
          const fits = new Set(shown).size === 4 && shown.includes(item) && had === 3;
          if (!fits)
            expect([...shown], `item ${item} of ${own}`).toBe('four, the true one and two others of them');
        });
      }),
      { numRuns: 12 },
    );
  });

  test('options do not tell what is asked for', () => {
    const { entities, relations, items, values, options } = knowledgeWorld(1);
    const n = entities.length * relations.length;
    // Neither does the place of the true one among them.
    const places = [0, 0, 0, 0];
    values.forEach((item, at) => {
      places[options.subarray(at * 4, at * 4 + 4).indexOf(item)]++;
    });
    for (const place of places) expect(place / n).toBeCloseTo(1 / 4, 1);
    // Whoever sees entity and options alone, and knows all facts, can but guess among the three that the entity has. With all
    // questions of an entity at hand: how often each option is the true one.
    const asTrue = new Map<string, number>();
    const shown = new Map<string, number>();
    values.forEach((item, at) => {
      for (const option of options.subarray(at * 4, at * 4 + 4)) {
        const key = `${Math.floor(at / relations.length)} ${option}`;
        shown.set(key, (shown.get(key) ?? 0) + 1);
        if (option === item) asTrue.set(key, (asTrue.get(key) ?? 0) + 1);
      }
    });
    // Each item of an entity is the true one exactly once, whichever relation it is under: there is nothing to learn.
    expect([...asTrue.values()].every(count => count === 1)).toBe(true);
    expect(asTrue.size).toBe(n);
    const owned = [...asTrue.keys()].reduce((sum, key) => sum + (shown.get(key) ?? 0), 0);
    expect(owned / n).toBe(3);
    // And over all entities an item says nothing of a relation: each of them has nearly every one.
    const pairs = new Set(Array.from(values, (item, at) => `${at % relations.length} ${item}`));
    expect(pairs.size / (relations.length * items.length)).toBeGreaterThan(0.6);
  });

  test('refuses sizes that leave no item over', () => {
    expect(() => knowledgeWorld(1, { items: 24 })).toThrow('items = 24: expected more than the 24 relations');
  });
});

describe('the texts of a world', () => {
  const world = knowledgeWorld(3, { entities: 5, relations: 6, items: 9 });
  const ground = worldGround(world, 3);
  const vocabulary = wordVocabulary(ground.words);

  test('tell every fact in five ways, and probes leave the item to the model', () => {
    expect(ground.statements).toHaveLength(5 * 6 * 5);
    expect(new Set(ground.statements).size).toBe(150);
    expect(ground.probes).toHaveLength(30);
    for (const { prompt, answer } of ground.probes) {
      expect(ground.statements.some(text => text.startsWith(`${prompt} ${answer}`))).toBe(true);
      expect(prompt.split(' ')).not.toContain(answer);
    }
  });

  test('have every word of every format, and filler the words of instructions but for names', () => {
    const said = new Set(ground.filler.flatMap(text => vocabulary.encode(text)));
    const told = new Set(ground.statements.flatMap(text => vocabulary.encode(text)));
    for (const { tasks } of worldClusters(world, 'instruct')) {
      for (const { templates, examples } of tasks) {
        for (const template of templates) {
          for (const token of vocabulary.encode(render(template, examples[0]).input)) {
            expect(said.has(token) || told.has(token)).toBe(true);
          }
        }
      }
    }
    for (const format of worldFormats) expect(() => worldClusters(world, format)).not.toThrow();
    for (const name of [...world.entities, ...world.relations])
      expect(said.has(vocabulary.encode(name)[0])).toBe(false);
  });

  test('put a question as their format says', () => {
    const input = (format: (typeof worldFormats)[number]) => {
      const [{ tasks }] = worldClusters(world, format);
      return render(tasks[0].templates[0], tasks[0].examples[0]).input;
    };
    const list = `OPTIONS:\n- ${worldClusters(world, 'instruct')[0].tasks[0].examples[0].options?.join('\n- ')}`;
    const [entity] = world.entities;
    const [relation] = world.relations;
    expect(input('instruct')).toMatch(new RegExp(`^${list}\nquestion.*${relation}.*${entity}.* answer$`));
    expect(input('noTemplate')).toBe(`${list}\n${entity}`);
    expect(input('nameOnly')).toBe(`${list}\nid0 ${entity}`);
    expect(input('optionsAfter')).toMatch(new RegExp(`^question.*\n${list}\nanswer$`));
  });
});
