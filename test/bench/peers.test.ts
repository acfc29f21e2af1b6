import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { suites } from '../../src/bench/index.ts';
import { askPeer, runPeer, timesAsGood } from '../../src/bench/peers.ts';
import { ppoPeers } from '../../src/bench/ppo.ts';
import { rivalKinds } from '../../src/bench/rivals/rival.ts';

const figures = { name: 'them', unit: 'steps/s', median: 50, p10: 40, p90: 60, against: 'ours' };

/** Runs a script as a peer's; Node stands in for Python, which a test must not need. */
function play(script: string, python = process.execPath) {
  const within = `${mkdtempSync(join(tmpdir(), 'troupe-peers-'))}/`;
  writeFileSync(`${within}peer.mjs`, script);
  return runPeer({ name: 'Them', file: 'peer.mjs', install: 'pip install them' }, { python, within });
}

it('a peer’s figures are the last line of its script', async () => {
  const script = `console.log('Using cpu'); console.log(${JSON.stringify(JSON.stringify([figures]))})`;
  expect(await play(script)).toEqual({ results: [figures] });
  expect(timesAsGood(100, figures)).toBe(2);
  expect(timesAsGood(2, { ...figures, unit: 'ms', median: 5 })).toBe(2.5);
});

it('a peer that this machine lacks is named, with what would install it', async () => {
  expect(await play('', '/nowhere/python3')).toEqual({
    skipped: 'Them: there is no /nowhere/python3 (say which by PYTHON=…)',
  });
  const lacking = `console.error("ModuleNotFoundError: No module named 'them'"); process.exit(1)`;
  expect(await play(lacking)).toEqual({
    skipped: `Them: ${process.execPath} has no them (pip install them)`,
  });
});

it('a peer that fails says so in a line', async () => {
  const failing = `console.error("Traceback\\nValueError: no"); process.exit(1)`;
  await expect(play(failing)).rejects.toThrow(/^Them: \S+peer\.mjs failed: ValueError: no$/);
});

it('every script belongs to a suite', () => {
  const scripts = readdirSync(fileURLToPath(new URL('../../bench/peers', import.meta.url)));
  const inSuites = [...suites.flatMap(({ peers = [] }) => peers), ...ppoPeers].map(({ file }) => file);
  const rivals = rivalKinds().map(({ file }) => file.replace(/^peers\//, ''));
  expect([...inSuites, ...rivals.filter(file => file.endsWith('.py'))].sort()).toEqual(scripts.sort());
});

it('a peer is given what it should run, behind what holds it to a core', async () => {
  const script = 'console.log(JSON.stringify(process.argv.slice(2)))';
  const within = `${mkdtempSync(join(tmpdir(), 'troupe-peers-'))}/`;
  writeFileSync(`${within}peer.mjs`, script);
  const peer = { name: 'Them', file: 'peer.mjs', install: '' };
  const options = { python: process.execPath, within, before: ['env'], args: ['{"rounds":1}'] };
  expect(await askPeer(peer, z.array(z.string()), options)).toEqual({ results: ['{"rounds":1}'] });
  const nowhere = { ...options, python: '/nowhere/python3' };
  expect(await askPeer(peer, z.array(z.string()), nowhere)).toEqual({
    skipped: 'Them: there is no /nowhere/python3 (say which by PYTHON=…)',
  });
});
