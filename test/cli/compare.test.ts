import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { troupe } from '../../src/cli/command.ts';
import { TestIo } from './io.ts';
import { emptyFolder, scenarioFile } from './scenario-files.ts';

/** A scenario that is done at once: its figure is chance from the seed, and what the options add. */
const noisy = `import { Random } from '../core/random.ts';
export default scenario({
  name: 'noisy', summary: '', smoke: { gain: 3 },
  options: z.object({ gain: z.number().default(0), fail: z.number().default(-1), twice: z.number().default(0) }),
  play({ options, seed }) {
    globalThis.troupeTestTrial?.();
    const random = Random.fromSeed(seed);
    if (random.uniform() < options.fail) throw new Error('the ground gave way');
    return { evaluation: { return: 10 + random.normal() + options.gain * (1 + 9 * options.twice) + 0.3 * random.split(String(options.gain)).normal(), cost: 5 } };
  },
});`;

const hooks = globalThis as { troupeTestTrial?: (() => void) | undefined };
let runs: string;
let io: TestIo;
let file: string;
beforeEach(() => {
  hooks.troupeTestTrial = undefined;
  runs = emptyFolder();
  io = new TestIo();
  const sources = new URL('../../src/', import.meta.url).href;
  file = scenarioFile(runs, noisy.replace("'../core/", `'${sources}core/`));
});

const compare = (...argv: string[]) => troupe(['compare', ...argv, '--runs', runs], io);
const folderOf = () => {
  const made = readdirSync(join(runs, 'compare'));
  return join(runs, 'compare', made[made.length - 1]);
};

describe('troupe compare', () => {
  it('ends with the verdict, a picture, the arms, the guards, and where the report is', async () => {
    const settings = ['--trials', '8', '--worth-finding', '0.1', '--require', 'better'];
    expect(await compare(file, '--against', 'gain=2', ...settings), io.stderr.text).toBe(0);
    const text = io.stdout.text;
    expect(text).toMatch(/8 pairs, decided at the end · higher evaluation\.return is better · seed 1/);
    expect(text).toMatch(
      /● gain=2 is better than gain=0 by [12]\d\.\d % \[\d+\.\d, \d+\.\d\] in evaluation\.return \(95 % interval, p =\s+0\.0078, 8 pairs\)\./,
    );
    expect(text).toMatch(/ {2}gain=2 +┊ +├─+●─+┤ +\+[12]\d\.\d % \[/);
    expect(text).toMatch(/gain=0 +8 +0 +\d+\.\d+ +\[/);
    expect(text).toMatch(/power {2}gain=2: an effect of 10\.0 % is found more than 99 % of the time/);
    expect(text).toMatch(/✓ +missing trials +no trial is missing/);
    expect(text).toMatch(/report {2}\S+\/report\.html/);
    expect(text).not.toContain('\u001b');
    expect(io.stderr.text).toBe('');
    const folder = folderOf();
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page).toContain('gain=2');
    expect(page).toContain('probability of improvement over gain=0');
    expect(existsSync(join(folder, 'trials.jsonl'))).toBe(true);
    expect(readdirSync(join(folder, 'trials'))).toHaveLength(16);
    expect(readdirSync(join(folder, 'trials', '1')).sort()).toEqual(['run.json', 'summary.json']);
    for (const line of text.split('\n').filter(line => /[├●┤]/.test(line))) {
      if (!line.includes('is better')) expect(line.length).toBeLessThan(80);
    }
  });

  it('with --json prints the analysis as the last line of stdout; the threads change nothing in it', async () => {
    const analyses: unknown[] = [];
    for (const threads of ['1', '3']) {
      io = new TestIo();
      const told = ['--trials', '6', '--json', '--threads', threads];
      expect(await compare(file, '--against', 'gain=1', ...told)).toBe(0);
      expect(io.stdout.lines).toHaveLength(1);
      const { folder, ...analysis } = JSON.parse(io.stdout.text);
      expect(readFileSync(join(folder, 'summary.json'), 'utf8')).toContain(analysis.verdicts[0].sentence);
      analyses.push(analysis);
    }
    const learningRuns = { arms: [{ runs: 6 }, { arm: 'gain=1', runs: 6 }], resamples: 10_000 };
    expect(analyses[0]).toMatchObject({ units: 6, trials: 12, stopped: 'fixed', learningRuns });
    expect(analyses[1]).toEqual(analyses[0]);
  });

  it('exits with 3 where what was required is not so, and with 0 whatever the verdict without it', async () => {
    const again = (...argv: string[]) => troupe(['compare', '--resume', folderOf(), ...argv], io);
    expect(await compare(file, '--against', 'gain=-2', '--trials', '6')).toBe(0);
    expect(io.stdout.text).toContain('gain=-2 is worse than gain=0');
    expect(await again('--require', 'better')).toBe(3);
    expect(await again('--require', 'not-worse')).toBe(3);
    // Of settings that are the same, neither is better.
    expect(await compare(file, file, '--trials', '6', '--seed', '2', '--require', 'not-worse')).toBe(0);
    expect(io.stdout.text).toContain(
      'noisy and noisy (2) did exactly the same in evaluation.return on all 6 paired seeds.',
    );
    expect(await again('--require', 'better')).toBe(3);
  });

  it('stops where it is settled', async () => {
    expect(await compare(file, '--against', 'gain=3', '--until-settled', '--json')).toBe(0);
    const analysis = JSON.parse(io.stdout.text);
    expect(analysis.stopped).toBe('settled');
    expect(analysis.units).toBe(30);
    expect(analysis.verdicts[0].sentence).toContain('always-valid p');
  });

  it('of several arms, unpaired, lower is better, in another metric, beside another one', async () => {
    expect(
      await compare(
        ...[`base=${file}`, '--against', 'gain=1', '--against', 'gain=2', '--unpaired', '--trials', '8'],
        ...['--metric', 'evaluation.return', '--also', 'evaluation.cost', '--lower-is-better', '--json'],
      ),
    ).toBe(0);
    const { verdicts, units, arms, secondary } = JSON.parse(io.stdout.text);
    expect(units).toBe(24);
    expect(arms.map(({ arm }: { arm: string }) => arm)).toEqual(['base', 'gain=1', 'gain=2']);
    expect(verdicts[1].sentence).toMatch(
      /^gain=2 is worse than base: evaluation\.return is higher by .*Dunnett, 2 arms/,
    );
    expect(secondary).toHaveLength(2);
  });

  it('counts runs that fail, and says of each why', async () => {
    expect(await compare(file, '--set', 'fail=0.3', '--against', 'gain=1', '--trials', '12')).toBe(0);
    expect(io.stdout.text).toMatch(/! trial \d+ failed: noisy, seed \d+: the ground gave way/);
    expect(io.stdout.text).toMatch(/missing: \d of 12 of gain=0, \d of 12 of gain=1/);
  });

  it('counts a run whose figure is no number as failed, and says that no pair is left', async () => {
    expect(await compare(file, '--against', 'gain=-1e308', '--set', 'twice=1', '--trials', '6')).toBe(0);
    expect(io.stdout.text).toMatch(/! trial \d+ failed: evaluation\.return is not finite/);
    expect(io.stdout.text).toMatch(/cannot\s+be\s+trusted:\s+the\s+guard\s+"missing\s+trials"\s+failed/);
    expect(io.stdout.text).toMatch(/enough units\s+0 whole pairs: too few/);
  });

  it('that is interrupted says how to go on, and comes to the same then', async () => {
    const arms = [file, '--against', 'gain=1', '--trials', '6', '--threads', '2'];
    expect(await compare(...arms, '--json')).toBe(0);
    const { folder: _, ...whole } = JSON.parse(io.stdout.text);
    io = new TestIo();
    let trials = 0;
    hooks.troupeTestTrial = () => {
      if (++trials === 7) io.interrupt();
    };
    expect(await compare(...arms)).toBe(130);
    expect(io.stdout.text).toMatch(/Interrupted, and saved: \d+ trials are in the log/);
    const command = /npx (troupe compare --resume \S+)/.exec(io.stdout.text)?.[1] ?? '';
    const folder = command.split(' ').pop() as string;
    hooks.troupeTestTrial = undefined;
    io = new TestIo();
    expect(
      await troupe(['compare', '--resume', folder, '--json', '--threads', '1'], io),
      io.stderr.text,
    ).toBe(0);
    const { folder: __, ...resumed } = JSON.parse(io.stdout.text);
    expect(resumed).toEqual(whole);
    io = new TestIo();
    expect(await troupe(['compare', '--resume', folder, '--seed', '2'], io)).toBe(2);
    expect(io.stderr.lines).toEqual([
      `troupe: --resume ${folder}: goes on with the comparison's own plan, expected no --seed`,
    ]);
    const settings = join(folder, 'compare.json');
    writeFileSync(settings, readFileSync(settings, 'utf8').replace('"gain": 1,', '"gain": 2,'));
    io = new TestIo();
    expect(await troupe(['compare', '--resume', folder], io)).toBe(2);
    expect(io.stderr.text).toContain(
      'compare.json: arms, executor or patience are not what the comparison began with',
    );
  });

  it.each([
    [
      ['--metric', 'evaluation.retrun'],
      'metric evaluation.retrun: no such figure, did you mean evaluation.return; expected one of evaluation.return, evaluation.cost',
    ],
    [['--trials', '0'], '--trials 0: expected a whole number of at least 1'],
    [['--trials', '5'], '--trials 5: too few to tell anything at the level of 0.95, expected at least 6'],
    [
      ['--unpaired', '--trials', '1'],
      '--trials 1: too few to tell anything at the level of 0.95, expected at least 2',
    ],
    [['--require', 'equal'], '--require equal: expected better or not-worse'],
    [['--stop', 'never'], '--stop never: expected fixed or always-valid'],
    [['--stop', 'fixed', '--until-settled'], '--stop fixed and --until-settled: expected one of them'],
    [
      ['--until-settled', '--trials', '10'],
      '--trials 10: an always-valid comparison looks first after 30 pairs, expected at least as many',
    ],
    [['--planned', '10'], '--planned 10: is for --until-settled, expected --trials alone'],
    [['--worth-finding', 'much'], '--worth-finding much: expected a number above 0 and below 10'],
    [['--level', '95'], '--level 95: expected a number above 0.5 and below 1'],
    [['--export', 'xlsx'], '--export xlsx: xlsx: expected duckdb, parquet or csv'],
    [
      ['--also', 'evaluation.return'],
      'compare: secondary.0.name = "evaluation.return": expected another name: a metric is called that already',
    ],
  ])('%j is wrong use', async (argv, message) => {
    expect(await compare(file, '--against', 'gain=1', ...argv)).toBe(2);
    expect(io.stderr.lines).toEqual([`troupe: ${message}`]);
  });

  it('--help has examples', async () => {
    expect(await troupe(['compare', '--help'], io)).toBe(0);
    expect(io.stdout.text).toContain('troupe compare hopper --set ppo.gamma=0.99 --against ppo.gamma=0.995');
  });

  it('on a terminal redraws the estimate', async () => {
    io = new TestIo({ isTTY: true });
    hooks.troupeTestTrial = () => io.clock.advance(1500);
    expect(await compare(file, '--against', 'gain=1', '--trials', '6', '--threads', '1')).toBe(0);
    expect(io.stdout.text).toMatch(/\d+ \/ 12 trials · 0:\d\d left/);
    expect(io.stdout.text).toMatch(
      /gain=1: \+\d+\.\d % \[-?\d+\.\d, \d+\.\d\] so far, in evaluation\.return/,
    );
  });
});

describe('troupe compare, of policies', () => {
  let trained: string;
  let other: string;
  beforeAll(async () => {
    const place = emptyFolder();
    const train = async (scenario: string, ...argv: string[]) => {
      const told = new TestIo();
      expect(
        await troupe(['run', scenario, '--smoke', '--runs', place, ...argv], told),
        told.stderr.text,
      ).toBe(0);
      return join(place, scenario, readdirSync(join(place, scenario))[0]);
    };
    trained = await train('cart-pole', '--set', 'steps=2048');
    other = join(place, 'other');
    mkdirSync(join(other, 'policy'), { recursive: true });
    for (const name of ['policy.json', 'policy.safetensors']) {
      writeFileSync(join(other, 'policy', name), readFileSync(join(trained, 'policy', name)));
    }
    const policy = JSON.parse(readFileSync(join(other, 'policy', 'policy.json'), 'utf8'));
    policy.environment.options = { ...policy.environment.options, maxEpisodeSteps: 100 };
    writeFileSync(join(other, 'policy', 'policy.json'), JSON.stringify(policy));
  }, 60_000);

  it('one with itself does exactly the same on paired seeds, and is not significant unpaired', async () => {
    expect(await compare(trained, trained, '--trials', '6', '--threads', '2'), io.stderr.text).toBe(0);
    expect(io.stdout.text).toMatch(/did exactly the same in return on all 6\s+paired seeds/);
    io = new TestIo();
    expect(
      await compare(
        trained,
        trained,
        '--unpaired',
        '--trials',
        '15',
        '--seed',
        '2',
        '--threads',
        '1',
        '--json',
      ),
    ).toBe(0);
    const { verdicts, comparisons, trials } = JSON.parse(io.stdout.text);
    expect(trials).toBe(30);
    expect(verdicts[0].standing).toBe('undecided');
    expect(comparisons[0].test.p).toBeGreaterThan(0.05);
  });

  it('of different tasks is refused', async () => {
    expect(await compare(trained, other)).toBe(2);
    expect(io.stderr.text).toMatch(
      /^troupe: compare: \S+ and other play cart-pole with other options .*, expected the same task\n$/,
    );
  });

  it('has no figure but those of an episode', async () => {
    expect(await compare(trained, trained, '--metric', 'distance', '--trials', '6', '--threads', '1')).toBe(
      2,
    );
    expect(io.stderr.text).toMatch(
      /metric distance: no such figure; expected one of return, length, terminated/,
    );
  });
});
