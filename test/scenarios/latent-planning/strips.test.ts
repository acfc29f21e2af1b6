import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planetConfig } from '../../../src/learners/planet/config.ts';
import { exhibitSections } from '../../../src/report/exhibits.ts';
import type { OpenLoopExample, OpenLoops } from '../../../src/scenarios/latent-planning/imagined.ts';
import { writeOpenLoopExhibits } from '../../../src/scenarios/latent-planning/imagined-exhibits.ts';
import { framed, ofDifference, ofPicture } from '../../../src/scenarios/latent-planning/pictures.ts';
import { shownFrames, stripsExhibit } from '../../../src/scenarios/latent-planning/strips.ts';

const decoded = (image: string): number[] => [...Buffer.from(image, 'base64')];

it('a picture has the greys of the network’s pixels, or its colours', () => {
  const grey = ofPicture(Float32Array.of(-0.5, 0, 0.5, 2), { side: 2, channels: 1 });
  expect([...grey.bytes]).toEqual([0, 0, 0, 128, 128, 128, 255, 255, 255, 255, 255, 255]);
  const color = ofPicture(Float32Array.of(-0.5, 0, 0.5), { side: 1, channels: 3 });
  expect([...color.bytes]).toEqual([0, 128, 255]);
});

it('a difference is white where there is none, red where the truth is darker, blue where it is lighter', () => {
  const truth = Float32Array.of(0, -0.5, 0.5, 0);
  const view = { side: 2, channels: 1 } as const;
  const { bytes } = ofDifference(truth, Float32Array.of(0, 0, 0, 0.25), view);
  expect([...bytes]).toEqual([255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 128, 128]);
});

it('a frame is around a picture whose pixels are larger', () => {
  const image = decoded(framed({ side: 1, bytes: Uint8Array.of(1, 2, 3) }, 2, 1, [7, 8, 9]));
  const [rim, pixel] = [
    [7, 8, 9],
    [1, 2, 3],
  ];
  const edge = [rim, rim, rim, rim].flat();
  const inner = [rim, pixel, pixel, rim].flat();
  expect(image).toEqual([edge, inner, inner, edge].flat());
});

const [context, horizon] = [2, 12];
function loopsOf(size: number): OpenLoops {
  const rows = (count: number, value: number) => new Float32Array(count).fill(value);
  const example = (episode: number): OpenLoopExample => ({
    ...{ episode, from: 0, seen: rows(context * size, 0.4), truth: rows(horizon * size, 0.3) },
    ...{ imagined: rows(horizon * size, 0.1), seenRewards: rows(context, 0) },
    ...{ trueRewards: rows(horizon, 0.5), imaginedRewards: rows(horizon, 0.25) },
  });
  const errors = (value: number) => ({
    observation: new Array<number>(horizon).fill(value),
    reward: new Array<number>(horizon).fill(value),
  });
  return {
    ...{ context, horizon, count: 9, imagined: 9, samples: 2, examples: [example(0), example(1)] },
    errors: { model: errors(1), otherActions: errors(3), constant: errors(2), lastSeen: errors(4) },
  };
}

it('strips show the context and every fifth frame, three rows an example', () => {
  expect(shownFrames(50)).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
  expect(shownFrames(3)).toEqual([3]);
  const { rows, columns, heads, width } = stripsExhibit(
    loopsOf(32 * 32),
    { side: 32, channels: 1 },
    'Pendulum',
  );
  expect([columns, heads, width]).toEqual([4, ['seen 1', 'seen 2', '+5', '+10'], 32 * 2 + 4]);
  expect(rows.map(({ images }) => images.length)).toEqual(new Array(6).fill(4));
  // A pixel within the rim, of the last frame.
  const inside = (row: number) => decoded(rows[row].images[3]).slice(3 * (2 * 68 + 2), 3 * (2 * 68 + 2) + 3);
  expect([inside(0), inside(1)]).toEqual([new Array(3).fill(204), new Array(3).fill(153)]);
  expect(inside(2)).toEqual([153, 153, 255]);
  expect(rows[1].images.slice(0, 2)).toEqual(rows[0].images.slice(0, 2));
});

it.each(['pixels', 'state'] as const)('the exhibits of %s can be read and drawn', async observe => {
  const folder = mkdtempSync(join(tmpdir(), 'open-loop-'));
  const config = planetConfig.parse({ observe, side: 32, channels: 1 });
  const loops = loopsOf(observe === 'pixels' ? 1024 : 3);
  writeOpenLoopExhibits(folder, '6', loops, config, { task: 'the pendulum', numbers: ['cosine', 'sine'] });
  const html = (await exhibitSections([{ seed: 1, folder }])).join('\n');
  expect(readdirSync(join(folder, 'exhibits')).length).toBe(3);
  expect(html).toContain('with its eyes closed: the pendulum');
  expect(html).toContain(observe === 'pixels' ? 'mean frame' : 'best constant');
  expect(html).toContain(observe === 'pixels' ? 'seen 2' : 'number 3');
  expect(html).not.toContain('NaN');
});
