import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { troupe } from '../../src/cli/command.ts';
import { styleFor, widthOf } from '../../src/cli/screen/style.ts';
import { flow, table, wrap } from '../../src/cli/screen/table.ts';
import { TestIo } from './io.ts';

const sentence = 'Swing a pendulum up with too little torque and hold it there.';

describe('a table', () => {
  it('stands in columns, each as wide as its widest cell', () => {
    const rows = [
      ['a', '10', 'x'],
      ['bcd', '5'],
    ];
    expect(table(rows, '<>')).toEqual(['a    10  x', 'bcd   5']);
  });

  it('lets its last column go on in its own place', () => {
    expect(table([['Title'], ['  pendulum', sentence], ['  x', 'Short.']], '', 45)).toEqual([
      'Title',
      '  pendulum  Swing a pendulum up with too',
      '            little torque and hold it there.',
      '  x         Short.',
    ]);
  });

  it('puts its last column under the others where that would be too narrow', () => {
    expect(table([['pendulum', 'integer > 0', sentence]], '', 42)).toEqual([
      'pendulum  integer > 0',
      '    Swing a pendulum up with too little',
      '    torque and hold it there.',
    ]);
    const narrow = table([['pendulum', 'integer > 0', 'Swing it up.']], '', 20);
    expect(narrow).toEqual(['pendulum  integer >', '    0', '    Swing it up.']);
  });

  it('of words that fit is never wider than the terminal, colours or not', () => {
    const { cyan } = styleFor(new TestIo({ isTTY: true }).stdout, { env: {} });
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, words, fc.integer({ min: 16, max: 120 }), (names, texts, columns) => {
        const rows = names.map(name => [cyan(name), texts.join(' ')]);
        for (const line of table(rows, '', columns)) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('lines', () => {
  it('break between words, and between parts', () => {
    expect(wrap('  one two three', 8, '  ')).toEqual(['  one', '  two', '  three']);
    expect(wrap('a  b', 80)).toEqual(['a  b']);
    expect(flow(['one', 'two words', 'three'], ' · ', 16, '  ')).toEqual(['one · two words', '  three']);
  });
});

describe.each([60, 80, 120])('on a terminal of %i columns', columns => {
  it.each(['list', 'doctor', 'list hopper', 'run hopper --help'])('troupe %s', async command => {
    const io = new TestIo({ columns });
    expect(await troupe(command.split(' '), io)).toBe(0);
    for (const line of io.stdout.lines) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    expect(io.stdout.lines.length).toBeGreaterThan(15);
  });
});

it('the options of a scenario end with what its abbreviations stand for', async () => {
  const io = new TestIo({ columns: 200 });
  await troupe(['list', 'hopper'], io);
  const used = new Set(io.stdout.text.match(/\[[A-Z0-9]+\](?=[.,: ])/g));
  const note = io.stdout.lines.find(line => line.startsWith('ppo  ')) ?? '';
  expect(used.size).toBeGreaterThan(3);
  for (const key of used) expect(note).toContain(`${key} `);
});
