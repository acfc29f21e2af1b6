import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TroupeError } from '../../../src/core/errors.ts';
import { commandLine } from '../../../src/scenarios/runner/command-line.ts';
import type { RunInfo } from '../../../src/scenarios/runner/folder.ts';
import { parseSetting, resolveOptions } from '../../../src/scenarios/runner/options.ts';
import { optionFields } from '../../../src/scenarios/runner/schema.ts';

const learner = z.object({
  learningRate: z.number().positive().max(1).default(3e-4).describe('Step size of Adam.'),
  gamma: z.number().min(0).max(1).default(0.99),
  hidden: z.array(z.number().int().positive()).default([64, 64]),
  targetKl: z.number().positive().nullable().default(null),
  schedule: z.enum(['constant', 'linear']).default('constant'),
  normalise: z.boolean().default(true),
});
const hop = {
  name: 'hop',
  options: z.object({
    steps: z.number().int().positive().default(1000),
    label: z.string().default('a'),
    weights: z.record(z.string(), z.number()).default({}),
    ppo: learner.prefault({ gamma: 0.9 }),
  }),
  smoke: { steps: 10, ppo: { hidden: [8] } },
};
const resolve = (...set: string[]) => hop.options.parse(resolveOptions(hop, { set }));

/** The one line that a wrong setting is answered with. */
function refusal(...set: string[]): string {
  try {
    resolve(...set);
  } catch (error) {
    expect(error).toBeInstanceOf(TroupeError);
    expect((error as TroupeError).kind).toBe('usage');
    return (error as Error).message;
  }
  throw new Error(`${set} was accepted`);
}

describe('resolveOptions', () => {
  it('fills in defaults, nested ones too', () => {
    expect(resolve().ppo).toEqual({ ...learner.parse({}), gamma: 0.9 });
  });

  it('keeps what a prefault says about the other fields of a group', () => {
    expect(resolve('ppo.learningRate=1e-3').ppo).toMatchObject({ learningRate: 1e-3, gamma: 0.9 });
    expect(resolveOptions(hop, { smoke: true })['ppo']).toMatchObject({ hidden: [8], gamma: 0.9 });
  });

  it('lets --set win over smoke, and the later over the earlier', () => {
    const { steps } = resolveOptions(hop, { smoke: true, set: ['steps=20', 'steps=30'] });
    expect(steps).toBe(30);
  });

  it.each([
    ['steps=1_000_000', { steps: 1_000_000 }],
    ['steps=2e4', { steps: 20_000 }],
    ['label=12', { label: '12' }],
    ['label=a=b', { label: 'a=b' }],
    ['label=', { label: '' }],
    ['ppo.hidden=32,16', { ppo: { hidden: [32, 16] } }],
    ['ppo.hidden=[32, 16]', { ppo: { hidden: [32, 16] } }],
    ['ppo.hidden=32', { ppo: { hidden: [32] } }],
    ['ppo.targetKl=null', { ppo: { targetKl: null } }],
    ['ppo.schedule=linear', { ppo: { schedule: 'linear' } }],
    ['ppo.normalise=false', { ppo: { normalise: false } }],
    ['weights.left=2', { weights: { left: 2 } }],
    ['weights={"left":2}', { weights: { left: 2 } }],
  ])('reads %s', (text, expected) => {
    expect(resolve(text)).toMatchObject(expected);
  });

  it.each([
    ['ppo.learningrate=1', '--set ppo.learningrate: hop has no such option; did you mean ppo.learningRate'],
    ['learningRate=1', '--set learningRate: hop has no such option; did you mean ppo.learningRate'],
    ['stesp=1', '--set stesp: hop has no such option; did you mean steps'],
    ['zebra=1', '--set zebra: hop has no such option; it has steps, label, weights, ppo.learningRate'],
    ['ppo.gamma.x=1', '--set ppo.gamma.x: hop has no such option; did you mean ppo.gamma'],
    ['constructor=1', '--set constructor: hop has no such option'],
    ['steps=many', '--set steps=many: expected integer > 0'],
    ['steps=1.5', '--set steps=1.5: expected integer > 0'],
    ['steps=', '--set steps=: expected integer > 0'],
    ['ppo.gamma=2', '--set ppo.gamma=2: expected number ≥ 0 and ≤ 1'],
    ['ppo.gamma=NaN', '--set ppo.gamma=NaN: expected number ≥ 0 and ≤ 1'],
    ['ppo.schedule=cosine', '--set ppo.schedule=cosine: expected constant | linear'],
    ['ppo.hidden=a,b', '--set ppo.hidden=a,b: expected list of integer > 0'],
    ['ppo.targetKl=-1', '--set ppo.targetKl=-1: expected number > 0 | null'],
    [
      'ppo={"gamma":0.5}',
      '--set ppo={"gamma":0.5}: ppo is a group of options, expected one of them, e.g. ppo.l',
    ],
    ['steps', '--set steps: expected key=value, for example --set steps=1000'],
    ['=3', '--set =3: expected key=value'],
  ])('answers %s with one line', (text, message) => {
    expect(refusal(text)).toContain(message);
    expect(refusal(text)).not.toContain('\n');
  });

  it('reads back any value that a field can hold', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1 }), (gamma, steps) => {
        const options = resolve(`ppo.gamma=${gamma}`, `steps=${steps}`);
        expect(options.ppo.gamma).toBe(gamma + 0); // -0 prints as 0
        expect(options.steps).toBe(steps);
      }),
    );
  });

  it('never answers any text with anything but a value of the right kind or one line', () => {
    const paths = fc.constantFrom(...optionFields(hop.options).map(({ path }) => path));
    fc.assert(
      fc.property(paths, fc.string(), (path, raw) => {
        const text = `${path}=${raw}`;
        try {
          resolve(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TroupeError);
        }
      }),
    );
  });

  it('never answers an unknown key with anything but a usage error', () => {
    const known = new Set(optionFields(hop.options).map(({ path }) => path));
    const key = fc.string({ minLength: 1 }).filter(text => {
      const path = text.split('=')[0].trim();
      return !known.has(path) && !path.startsWith('weights.') && path !== 'ppo';
    });
    fc.assert(
      fc.property(key, text => {
        expect(() => parseSetting(hop, `${text}=1`)).toThrow(/has no such option|expected/);
      }),
    );
  });
});

describe('optionFields', () => {
  it('tells each field with what it takes, its default and its sentence', () => {
    const fields = optionFields(hop.options);
    expect(fields.find(({ path }) => path === 'ppo.learningRate')).toMatchObject({
      takes: 'number > 0 and ≤ 1',
      value: 3e-4,
      description: 'Step size of Adam.',
    });
    expect(fields.find(({ path }) => path === 'ppo.gamma')?.value).toBe(0.9);
  });
});

const infoOf = (options: Record<string, unknown>): RunInfo => ({
  kind: 'run',
  scenario: 'shapes',
  file: null,
  smoke: false,
  seed: 1,
  threads: 2,
  executor: 'auto',
  options,
  init: null,
  started: '',
  versions: {},
  machine: { cpu: '', cores: 2, memory: 1, platform: '' },
  commit: null,
});

/** What `split` was given to read. */
const seen: unknown[] = [];
const shapes = {
  name: 'shapes',
  options: z.object({
    count: z
      .string()
      .describe('A list.')
      .transform(text => text.split('+'))
      .default(['a']),
    first: z.string().default('2').transform(Number),
    piped: z.string().default('4').transform(Number).pipe(z.number().int()),
    split: z.preprocess(
      value => {
        seen.push(value);
        return typeof value === 'string' ? value.split('+') : value;
      },
      z.array(z.string()).default(['a']),
    ),
    number: z.coerce.number().min(1).default(3),
    text: z.coerce.string().default('t'),
    day: z.coerce.date().default(new Date(0)),
    huge: z.coerce.bigint().default(3n),
    either: z.union([z.number().int(), z.enum(['auto', 'none'])]).default('auto'),
    move: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('walk'), far: z.number() }),
        z.strictObject({ kind: z.literal('turn') }),
      ])
      .default({ kind: 'walk', far: 1 }),
    layers: z.array(z.number()).default([8]),
    grid: z.array(z.array(z.number())).default([]),
    pair: z.tuple([z.number(), z.string()]).default([1, 'a']),
    weights: z.record(z.string(), z.number()).default({ left: 1 }),
    lengths: z
      .record(
        z.string(),
        z.string().transform(text => text.length),
      )
      .default({ a: 1 }),
    flag: z.boolean().default(true),
    word: z.stringbool().default(true),
    none: z.number().nullable().default(null),
    group: z
      .object({ far: z.string().default('1').transform(Number), near: z.number().default(2) })
      .default({ far: 9, near: 3 })
      .transform(({ far, near }) => far + near),
    anything: z.any().default(undefined),
  }),
  smoke: {},
};

describe('options of any schema', () => {
  const set = (...settings: string[]) => {
    const input = resolveOptions(shapes, { set: settings });
    expect(JSON.parse(JSON.stringify(input))).toEqual(input); // run.json holds it
    return shapes.options.parse(input);
  };

  it('come to what zod makes of nothing, where nothing is set', () => {
    const { group, ...rest } = shapes.options.parse({ group: undefined });
    expect(set()).toEqual({ ...rest, group: 4 }); // 9 behind a transform cannot be said as input
    expect(group).toBe(12);
  });

  it.each([
    ['count=a+b', { count: ['a', 'b'] }],
    ['first=12', { first: 12 }],
    ['piped=5', { piped: 5 }],
    ['split=b+c', { split: ['b', 'c'] }],
    ['number=1e3', { number: 1000 }],
    ['text=007', { text: '007' }],
    ['day=2024-02-03', { day: new Date('2024-02-03') }],
    ['huge=12345678901234567890', { huge: 12345678901234567890n }],
    ['either=12', { either: 12 }],
    ['either=none', { either: 'none' }],
    ['move={"kind":"turn"}', { move: { kind: 'turn' } }],
    ['layers=64,64', { layers: [64, 64] }],
    ['layers=[64,64]', { layers: [64, 64] }],
    ['grid=[[1,2],[3]]', { grid: [[1, 2], [3]] }],
    ['pair=2,b', { pair: [2, 'b'] }],
    ['weights={"right":2}', { weights: { right: 2 } }],
    ['weights.right=2', { weights: { left: 1, right: 2 } }],
    ['lengths.b=four', { lengths: { b: 4 } }],
    ['flag=false', { flag: false }],
    ['word=no', { word: false }],
    ['none=null', { none: null }],
    ['none=2', { none: 2 }],
    ['group.far=5', { group: 8 }],
    ['anything=[1]', { anything: [1] }],
  ])('are set by %s, which the command to repeat it says again', (text, expected) => {
    expect(set(text)).toEqual({ ...set(), ...expected });
    const again = commandLine(shapes, infoOf(resolveOptions(shapes, { set: [text] })));
    const words = again.match(/(?:'[^']*'|\S)+/g) as string[];
    const settings = words.filter((_, i) => words[i - 1] === '--set').map(word => word.replaceAll("'", ''));
    expect(set(...settings)).toEqual(set(text));
  });

  it('are not parsed a second time from what parsing made of them', () => {
    seen.length = 0;
    set('split=b+c');
    expect(seen).not.toContainEqual(['b', 'c']);
  });

  it('say what they take as input, and their default', () => {
    const fields = Object.fromEntries(optionFields(shapes.options).map(field => [field.path, field]));
    expect(fields['count']).toMatchObject({ takes: 'string', value: ['a'], description: 'A list.' });
    expect(fields['first']).toMatchObject({ takes: 'string', value: '2' });
    expect(fields['split']).toMatchObject({ takes: 'list of string', value: ['a'] });
    expect(fields['number']).toMatchObject({ takes: 'number ≥ 1', value: 3 });
    expect(fields['day']).toMatchObject({ takes: 'date' });
    expect(fields['huge']).toMatchObject({ takes: 'integer', value: 3n });
    expect(fields['move'].takes).toBe('{ kind: walk, far: number } | { kind: turn }');
    expect(fields['weights'].takes).toBe('{ …: number }');
    expect(fields['group.near']).toMatchObject({ takes: 'number', value: 3 });
    expect(fields['anything']).toMatchObject({ takes: 'value', value: undefined });
  });
});
