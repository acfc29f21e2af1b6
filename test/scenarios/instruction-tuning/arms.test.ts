import { describe, expect, test } from 'vitest';
import { ofWidth, worldStudy, worldTuning } from '../../../src/scenarios/instruction-tuning/arms.ts';
import { options } from '../../../src/scenarios/instruction-tuning/options.ts';
import { tuningArms } from '../../../src/scenarios/instruction-tuning/plans.ts';

const studyOf = (set: object) =>
  worldStudy({ options: options.parse(set), seed: 1, executor: 'auto' } as never);
const few = { world: { entities: 3, relations: 12 }, arms: ['instruct', 'instruct-8'] };

describe('the study of a world', () => {
  test('no arm is tuned on a fact that is held out, and each one is asked all of them', () => {
    const study = studyOf({ ...few, heldOut: 4 });
    expect(study.tunable).toHaveLength(8);
    const factsOf = (clusters: readonly { tasks: readonly { examples: readonly { fact: string }[] }[] }[]) =>
      clusters.flatMap(({ tasks }) => tasks.flatMap(({ examples }) => examples.map(({ fact }) => fact)));
    for (const name of tuningArms) {
      const { clusters, exams } = worldTuning(name, study);
      const tuned = new Set(factsOf(clusters));
      for (const exam of exams) {
        expect(exam.clusters.map(({ name }) => name)).toEqual(study.heldOut);
        expect(factsOf(exam.clusters)).toHaveLength(4 * 3);
        expect(factsOf(exam.clusters).filter(fact => tuned.has(fact))).toEqual([]);
      }
    }
  });

  test('shows questions even where there are fewer of them than it would show', () => {
    const { shown } = studyOf({ world: { entities: 2, relations: 12 }, arms: ['instruct'], heldOut: 1 });
    for (const question of shown) expect(question).toHaveProperty('prompt');
    expect(new Set(studyOf(few).shown).size).toBe(6);
  });

  test('says where too few relations are left', () => {
    expect(() => studyOf({ ...few, heldOut: 5 })).toThrow(
      'heldOut = 5: expected at least 8 of 12 relations to be left to tune on',
    );
  });

  test('other widths keep the proportion of what lies between the dense layers', () => {
    const study = studyOf({ ...few, model: { width: 48, inner: 96 } });
    expect(ofWidth(study, 16).model).toEqual({ ...study.model, width: 16, inner: 32 });
  });
});

test('options refuse what would change nothing, and fewer words than make a question', () => {
  expect(() => options.parse({ model: { deviation: 0.1 } })).toThrow('deviation');
  expect(() => options.parse({ words: { facts: 2 } })).toThrow('facts');
});
