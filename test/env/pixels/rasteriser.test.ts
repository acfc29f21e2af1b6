import { expect, test } from 'vitest';
import type { Scene, SceneObject, Shape, Vec3 } from '../../../src/core/scene.ts';
import { parseColor } from '../../../src/env/pixels/colors.ts';
import { Rasteriser } from '../../../src/env/pixels/rasteriser.ts';

const upright = [0, 0, 0, 1] as const;
const background = 246;

/** Black unless told otherwise, one pixel a hundredth of a metre: spans are sizes in pixels over 100. */
const object = (shape: Shape, position: Vec3 = [0, 0, 0], more: Partial<SceneObject> = {}): SceneObject => ({
  ...{ id: 'it', shape, position, rotation: upright, color: '#000000' },
  ...more,
});
const sceneOf = (
  objects: readonly SceneObject[],
  side: Scene['camera']['side'] = 'side',
  target: Vec3 = [0, 0, 0],
): Scene => ({ objects, camera: { target, distance: 1, side } });

function grey(size: number, objects: readonly SceneObject[], side?: Scene['camera']['side']): number[] {
  const view = { span: size / 100, center: [0, 0, 0] } as const;
  return [...new Rasteriser({ size, colors: 'grey', view }).draw(sceneOf(objects, side))];
}

/** Pixels' worth of black. */
const ink = (picture: readonly number[]): number =>
  picture.reduce((sum, value) => sum + (background - value) / background, 0);

test('a box of four by two pixels has whole pixels inside, and edges of a sixth and five sixths', () => {
  const picture = grey(8, [object({ kind: 'box', half: [0.02, 0.01, 0.01] })]);
  const [outer, inner] = [1, 5].map(sixths => Math.floor(background - (sixths / 6) * background + 0.5));
  expect(picture.slice(24, 32)).toEqual([background, outer, inner, inner, inner, inner, outer, background]);
  expect(picture.slice(16, 24)).toEqual([background, ...new Array<number>(6).fill(outer), background]);
  expect(picture.slice(0, 16)).toEqual(new Array(16).fill(background));
});

test.each<[string, Shape, number]>([
  ['a disc', { kind: 'sphere', radius: 0.1 }, Math.PI * 100],
  ['a rod', { kind: 'capsule', radius: 0.03, halfHeight: 0.1 }, 6 * 20 + Math.PI * 9],
  ['a box', { kind: 'box', half: [0.1, 0.05, 0.02] }, 200],
  ['a cylinder from the side', { kind: 'cylinder', radius: 0.05, halfHeight: 0.08 }, 160],
])('the shares of %s add up to its area, however it is turned', (_, shape, area) => {
  for (const angle of [0, 0.3, 1, 2.5])
    for (const shift of [0, 0.0037]) {
      const rotation = [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)] as const;
      const seen = ink(grey(40, [object(shape, [shift, 0.0021, 0], { rotation })]));
      expect(Math.abs(seen - area) / area).toBeLessThan(0.012);
    }
});

test('a box and a cylinder seen from a corner have the area of their shadows', () => {
  const towards = [-0.45, 0.5, 1].map(x => x / Math.hypot(0.45, 0.5, 1));
  const cosine = Math.abs(towards[1]);
  const box = ink(grey(40, [object({ kind: 'box', half: [0.05, 0.05, 0.05] })], 'corner'));
  const boxArea = 100 * towards.reduce((sum, x) => sum + Math.abs(x), 0);
  expect(Math.abs(box - boxArea) / boxArea).toBeLessThan(0.02);
  const cylinder = ink(grey(48, [object({ kind: 'cylinder', radius: 0.08, halfHeight: 0.06 })], 'corner'));
  const cylinderArea = Math.PI * 64 * cosine + 16 * 12 * Math.sqrt(1 - cosine ** 2);
  expect(Math.abs(cylinder - cylinderArea) / cylinderArea).toBeLessThan(0.02);
});

test('what is thinner than two pixels is painted two pixels thick', () => {
  for (const shape of [
    { kind: 'capsule', radius: 0.0001, halfHeight: 0.1 },
    { kind: 'box', half: [0.0001, 0.1, 0.0001] },
    { kind: 'cylinder', radius: 0.0001, halfHeight: 0.1 },
  ] as const)
    expect(Math.abs(ink(grey(32, [object(shape)])) - 40)).toBeLessThan(4);
  const line = object(
    {
      kind: 'line',
      points: [
        [-1, 0, 0],
        [0, 0, 0],
        [1, 0, 0],
      ],
    },
    [0, 0, 0],
  );
  // Half as strong as other things, and no stronger where two of its lines meet.
  const picture = grey(32, [line]);
  expect(new Set(picture.slice(15 * 32, 16 * 32)).size).toBe(1);
  expect(ink(picture)).toBeCloseTo(32, 0);
});

test('a closed line is filled', () => {
  const points: Vec3[] = [
    [-0.1, -0.1, 0],
    [0.1, -0.1, 0],
    [0.1, 0.1, 0],
    [-0.1, 0.1, 0],
  ];
  const filled = ink(grey(40, [object({ kind: 'line', points, closed: true })]));
  expect(filled).toBeGreaterThan(0.5 * 400);
  expect(filled).toBeLessThan(0.5 * 490);
});

test('the nearer thing hides the farther one, in whatever order they come', () => {
  const ball = (id: string, z: number, color: string) =>
    object({ kind: 'sphere', radius: 0.05 }, [0, 0, z], { id, color });
  const [near, behind] = [ball('near', 1, '#ff0000'), ball('behind', -1, '#0000ff')];
  const draw = (objects: readonly SceneObject[]) => {
    const picture = new Rasteriser({ size: 9, colors: 'rgb', view: { span: 0.09 } }).draw(sceneOf(objects));
    return [...picture.slice(3 * 40, 3 * 41)];
  };
  expect(draw([near, behind])).toEqual([255, 0, 0]);
  expect(draw([behind, near])).toEqual([255, 0, 0]);
  expect(grey(9, [object({ kind: 'sphere', radius: 0.05 }, [0, 0, 0], { color: '#ff0000' })])[40]).toBe(76);
});

test.each(['side', 'front', 'above', 'corner'] as const)('right is right and up is up from %s', side => {
  // What a viewer at that side has to his right, and above.
  const [right, up] = {
    side: [
      [1, 0, 0],
      [0, 1, 0],
    ],
    front: [
      [0, 0, -1],
      [0, 1, 0],
    ],
    above: [
      [1, 0, 0],
      [0, 0, -1],
    ],
    corner: [
      [1, 0, 0.45],
      [0, 1, 0],
    ],
  }[side] as readonly (readonly number[])[] as readonly [Vec3, Vec3];
  const darkest = (p: Vec3) => {
    const at = p.map(x => 0.08 * x) as unknown as Vec3;
    const picture = grey(33, [object({ kind: 'sphere', radius: 0.02 }, at)], side);
    const k = picture.indexOf(Math.min(...picture));
    return [(k % 33) - 16, Math.floor(k / 33) - 16];
  };
  expect(darkest(right)[0]).toBeGreaterThan(4);
  expect(Math.abs(darkest(right)[1])).toBeLessThan(3);
  expect(darkest(up)[1]).toBeLessThan(-4);
  expect(Math.abs(darkest(up)[0])).toBeLessThan(3);
});

test('the ground begins at its height and has tiles of a metre that stay where they are as the picture moves on', () => {
  const ground = object({ kind: 'ground' }, [0, 0, 0], { color: '#ffffff' });
  const rasteriser = new Rasteriser({ size: 32, colors: 'grey', view: { span: 4 } });
  const row = (x: number, y: number) => [
    ...rasteriser.draw(sceneOf([ground], 'side', [x, 0, 0])).slice(32 * y, 32 * y + 32),
  ];
  expect(new Set(row(0, 10))).toEqual(new Set([background]));
  const here = row(0, 20);
  expect(new Set([here[4], here[12], here[20], here[28]])).toEqual(new Set([224, 255]));
  expect(here[4]).not.toBe(here[12]);
  // A metre further is eight pixels to the left.
  expect(row(1, 20).slice(0, 24)).toEqual(here.slice(8));
  const above = new Rasteriser({ size: 32, colors: 'grey', view: { span: 4 } });
  const tiles = above.draw(sceneOf([ground], 'above'));
  expect([tiles[4 * 32 + 4], tiles[4 * 32 + 12], tiles[12 * 32 + 12]]).toEqual([224, 255, 224]);
});

test('the same scene gives the same bytes, and what was drawn before leaves no trace', () => {
  const rasteriser = new Rasteriser({ size: 32, colors: 'rgb', view: { span: 0.32 } });
  const ball = (x: number) => sceneOf([object({ kind: 'sphere', radius: 0.05 }, [x, 0, 0])], 'side');
  const first = rasteriser.draw(ball(0)).slice();
  rasteriser.draw(ball(0.1));
  expect(rasteriser.draw(ball(0))).toEqual(rasteriser.draw(ball(0)));
  expect(rasteriser.draw({ ...ball(0), caption: 'another' })).toEqual(
    rasteriser.draw({ ...ball(0), camera: { target: [0, 0, 0], distance: 9, side: 'side' } }),
  );
  expect(first).toEqual(rasteriser.draw(ball(0)));
});

test('colours are read as CSS writes them', () => {
  for (const color of ['#3366cc', '#36c', 'rgb(51, 102, 204)', 'rgb(51 102 204)'])
    expect(parseColor(color)).toBe(0x3366cc);
  expect(parseColor('White')).toBe(0xffffff);
  for (const color of ['papayawhip', '#12', 'rgb(1, 2, 300)'])
    expect(() => parseColor(color)).toThrow(`scene: color = ${color}, expected`);
});
