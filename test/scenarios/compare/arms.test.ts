import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArms } from '../../../src/scenarios/compare/arms.ts';
import { splitWords } from '../../../src/scenarios/compare/words.ts';

const read = (arms: string[], over: Partial<Parameters<typeof readArms>[0]> = {}) =>
  readArms({ arms, set: [], against: [], smoke: false, ...over });
const labels = async (...args: Parameters<typeof read>) => (await read(...args)).map(({ label }) => label);

function runFolder(name: string): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'troupe-arms-')), name);
  mkdirSync(join(folder, 'policy'), { recursive: true });
  writeFileSync(join(folder, 'policy', 'policy.json'), '{}');
  return folder;
}

describe('the arms of a comparison', () => {
  it('are scenarios with options, called by what differs', async () => {
    const arms = await read([
      'cart-pole --set ppo.learningRate=1e-3',
      "cart-pole --set 'ppo.learningRate=3e-4'",
    ]);
    expect(arms).toMatchObject([
      { kind: 'training', label: 'ppo.learningRate=0.001', scenario: 'cart-pole', file: null },
      { kind: 'training', label: 'ppo.learningRate=0.0003', options: { ppo: { learningRate: 3e-4 } } },
    ]);
  });

  it('in the short form are the one named and what is changed of it', async () => {
    const arms = await read(['cart-pole'], {
      set: ['steps=2000'],
      against: ['ppo.gamma=0.9', 'ppo.gamma=0.995'],
    });
    expect(arms.map(({ label }) => label)).toEqual(['ppo.gamma=0.98', 'ppo.gamma=0.9', 'ppo.gamma=0.995']);
    for (const arm of arms) expect(arm).toMatchObject({ options: { steps: 2000 } });
    expect(await labels(['slow=cart-pole'], { against: ['ppo.gamma=0.9 ppo.lambda=1'] })).toEqual([
      'slow',
      'ppo.gamma=0.9 ppo.lambda=1',
    ]);
  });

  it('are each called by what it changes, where they change different options', async () => {
    const against = ['ppo.gamma=0.9', 'ppo.learningRate=0.01', 'ppo.gamma=0.9 ppo.learningRate=0.01'];
    expect(await labels(['cart-pole'], { against })).toEqual([
      'cart-pole',
      ...against.slice(0, 2),
      'ppo.learningRate=0.01 ppo.gamma=0.9',
    ]);
  });

  it('may be named, and are told apart where they are the same', async () => {
    expect(await labels(['a=cart-pole', 'b=cart-pole'])).toEqual(['a', 'b']);
    expect(await labels(['cart-pole', 'cart-pole'])).toEqual(['cart-pole', 'cart-pole (2)']);
    const folder = runFolder('first');
    expect(await labels([folder, join(folder, 'policy')])).toEqual(['first', 'first (2)']);
  });

  it('are single runs: of a folder that holds runs, the newest is named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'troupe-arms-'));
    for (const name of ['20250131-1-seed1', '20250202-1-seed1', 'notes']) mkdirSync(join(folder, name));
    for (const name of ['20250131-1-seed1', '20250202-1-seed1'])
      writeFileSync(join(folder, name, 'run.json'), '{}');
    await expect(read(['cart-pole', folder])).rejects.toThrow(
      `compare ${folder}: holds 2 runs and is none itself, expected one of them, e.g. ${join(folder, '20250202-1-seed1')}`,
    );
  });

  it.each([
    [['cart-pole'], {}, 'expected two arms or more (or one, and --against), got 1'],
    [['cart-pole', 'hopper'], { against: ['ppo.gamma=1'] }, 'expected one before it, got 2'],
    [['a=cart-pole', 'a=cart-pole'], {}, 'two arms are named a, expected different names'],
    [['=cart-pole', 'hopper'], {}, 'expected name=<run or scenario>'],
    [['cart-pole --sett x=1', 'cart-pole'], {}, '--sett: expected --set key=value behind a scenario'],
    [['cart-pole --set', 'cart-pole'], {}, '--set: expected --set key=value'],
    [['cart-pole --set "x', 'cart-pole'], {}, 'expected a closing "'],
    [['cart-pole --set ppo.gama=1', 'cart-pole'], {}, 'did you mean ppo.gamma'],
    [['cart-pole'], { against: ['ppo.gama=1'] }, '--against ppo.gama: cart-pole has no such option'],
    [['cart-pole'], { against: ['ppo.gamma'] }, '--against ppo.gamma: expected key=value'],
    [['cart-pole'], { against: [''] }, '--against "": expected key=value'],
    [['cart-pole'], { against: ['ppo.gamma=0.98'] }, '--against ppo.gamma=0.98: changes nothing'],
    [['cart-pole'], { set: ['ppo.gama=1'], against: ['ppo.gamma=1'] }, '--set ppo.gama: cart-pole has'],
    [['cart-pol', 'cart-pole'], {}, 'unknown scenario cart-pol; did you mean cart-pole'],
    [['runs/none', 'cart-pole'], {}, 'compare runs/none: no such folder, expected a run'],
    [['', 'cart-pole'], {}, 'expected a run'],
  ])('%j %j is wrong use: %s', async (arms, over, message) => {
    await expect(read(arms, over)).rejects.toThrow(message);
  });

  it('are either all policies or all scenarios, and policies take no options', async () => {
    const folder = runFolder('first');
    await expect(read([folder, 'cart-pole'])).rejects.toThrow("only runs' folders or only scenarios");
    await expect(read([`${folder} --set steps=1`, folder])).rejects.toThrow('a policy is trained already');
    await expect(read([folder, folder], { smoke: true })).rejects.toThrow('expected no --smoke');
    const empty = mkdtempSync(join(tmpdir(), 'troupe-arms-'));
    await expect(read([folder, empty])).rejects.toThrow('not a run');
  });
});

describe('words', () => {
  it('are split as a shell does', () => {
    expect(splitWords(` a  'b c'"d" ''  e=f `)).toEqual(['a', 'b cd', '', 'e=f']);
  });
});
