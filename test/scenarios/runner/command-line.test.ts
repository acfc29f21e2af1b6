import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalog } from '../../../src/scenarios/catalog.ts';
import { scenario } from '../../../src/scenarios/contract.ts';
import { commandLine } from '../../../src/scenarios/runner/command-line.ts';
import type { RunInfo, SeedsInfo } from '../../../src/scenarios/runner/folder.ts';
import { resolveOptions } from '../../../src/scenarios/runner/options.ts';

const hop = scenario({
  name: 'hop',
  summary: 'Hops.',
  options: z.object({
    steps: z.number().default(100),
    every: z.number().exactOptional(),
    note: z.string().default(''),
    ppo: z
      .object({ gamma: z.number().default(0.9), hidden: z.array(z.number()).default([64, 64]) })
      .prefault({ gamma: 0.95 }),
  }),
  smoke: { steps: 10 },
  play: () => ({}),
});

function infoOf(set: readonly string[] = [], changes: Partial<RunInfo> = {}): RunInfo {
  const smoke = changes.smoke ?? false;
  return {
    kind: 'run',
    scenario: 'hop',
    file: null,
    smoke,
    seed: 3,
    threads: 2,
    executor: 'auto',
    options: resolveOptions(hop, { set, smoke }),
    init: null,
    started: '',
    versions: {},
    machine: { cpu: '', cores: 2, memory: 1, platform: '' },
    commit: null,
    ...changes,
  };
}
const line = (set: readonly string[] = [], changes: Partial<RunInfo> = {}) =>
  commandLine(hop, infoOf(set, changes));

describe('the command that starts a run again', () => {
  it('names the scenario, or its file as one types it, and the seeds', () => {
    expect(line()).toBe('npx troupe run hop --seed 3');
    expect(line([], { file: join(process.cwd(), 'sub/hop.ts') })).toBe(
      'npx troupe run ./sub/hop.ts --seed 3',
    );
    expect(line([], { file: '/else where/hop.ts' })).toBe("npx troupe run '/else where/hop.ts' --seed 3");
    const { seed: _, ...common } = infoOf();
    const several: SeedsInfo = { ...common, kind: 'seeds', seeds: [1, 4] };
    expect(commandLine(hop, several)).toBe('npx troupe run hop --seeds 1,4');
  });

  it('has every setting that is not its default', () => {
    const set = ['ppo.hidden=32,32', 'every=5', "note=it's on", 'ppo.gamma=0.95'];
    expect(line(set, { threads: 4, executor: 'eager/wasm', init: join(process.cwd(), 'runs/hop/1') })).toBe(
      "npx troupe run hop --seed 3 --set every=5 --set 'note=it'\\''s on' --set ppo.hidden=32,32" +
        ' --threads 4 --executor eager/wasm --init ./runs/hop/1',
    );
  });

  it('of a smoke run is a smoke run, or the real one with the same changes', () => {
    const info = infoOf(['ppo.gamma=0.5'], { smoke: true });
    expect(commandLine(hop, info)).toBe('npx troupe run hop --seed 3 --smoke --set ppo.gamma=0.5');
    expect(commandLine(hop, info, false)).toBe('npx troupe run hop --seed 3 --set ppo.gamma=0.5');
  });

  it.each(catalog)('of $name needs no --set where nothing was changed', async ({ load }) => {
    const stock = await load();
    for (const smoke of [true, false]) {
      const options = resolveOptions(stock, { smoke });
      expect(commandLine(stock, infoOf([], { smoke, options }))).not.toContain('--set');
    }
  });
});
