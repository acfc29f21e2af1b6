import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/core/scene.ts';
import { drawFrame, drawingScript, type Figure } from '../../src/report/film-drawing.ts';
import { type PackedFilm, packFilm } from '../../src/report/packed-film.ts';
import { hoppingFilm } from './fixture.ts';

/** At a distance of 4 m, 248 px show 0.62 × 4 m = 2.48 m: 100 px a metre. */
const view = { width: 400, height: 248, ground: '#eee', mark: '#999', shadow: '#000' };
const upright = [0, 0, 0, 1];

type Side = PackedFilm['camera']['side'];
/** A film of one frame that looks at the origin. */
const still = (objects: [Shape, number[], string?][], side: Side = 'side'): PackedFilm => ({
  title: '',
  dt: 0.1,
  camera: { distance: 4, side },
  objects: objects.map(([shape, , color = '#808080']) => ({ shape, color })),
  frames: [{ poses: objects.map(([, pose]) => pose), target: [0, 0, 0] }],
});
const ball = (radius: number): Shape => ({ kind: 'sphere', radius });
const ground: [Shape, number[]] = [{ kind: 'ground' }, [0, -0.5, 0, ...upright]];
const strokes = (figures: Figure[]) => figures.filter(figure => figure.kind === 'stroke');
const fills = (figures: Figure[]) => figures.filter(figure => figure.kind === 'fill');
const texts = (figures: Figure[]) => figures.flatMap(figure => (figure.kind === 'text' ? [figure.text] : []));

describe('drawFrame', () => {
  it('puts metres where the camera sees them', () => {
    const [outline] = strokes(drawFrame(still([[ball(0.1), [0.5, 1, 0, ...upright]]]), 0, view));
    expect(outline).toMatchObject({ width: 21.5 }); // radius 0.1 m, and an outline
    expect(outline.points[0]).toEqual([250, 24]); // half a metre right of the middle, one above
  });

  it.each<[Side, readonly [number, number]]>([
    ['side', [300, 124 - 50]],
    ['front', [200 - 25, 124 - 50]],
    ['above', [300, 124 + 25]],
  ])('looks from %s', (side, place) => {
    const [outline] = strokes(drawFrame(still([[ball(0.1), [1, 0.5, 0.25, ...upright]]], side), 0, view));
    expect(outline.points[0][0]).toBeCloseTo(place[0]);
    expect(outline.points[0][1]).toBeCloseTo(place[1]);
  });

  it('paints nearer things over farther ones', () => {
    const film = still([
      [ball(0.1), [0, 0, 1, ...upright], 'near'],
      [ball(0.1), [0, 0, -1, ...upright], 'far'],
    ]);
    const colors = drawFrame(film, 0, view).map(figure => (figure.kind === 'text' ? '' : figure.color));
    expect([...new Set(colors)]).toEqual(['far', 'near']);
  });

  it('turns a capsule with its body', () => {
    const quarter = [0, 0, Math.SQRT1_2, Math.SQRT1_2]; // y to -x
    const rod: Shape = { kind: 'capsule', radius: 0.05, halfHeight: 0.5 };
    const [outline] = strokes(drawFrame(still([[rod, [0, 0, 0, ...quarter]]]), 0, view));
    expect(outline.points.map(point => point.map(Math.round))).toEqual([
      [250, 124],
      [150, 124],
    ]);
  });

  it('shows the faces of a box that face the viewer, the one towards the light brightest', () => {
    const box: Shape = { kind: 'box', half: [0.5, 0.3, 0.2] };
    const flat = fills(drawFrame(still([[box, [0, 0, 0, ...upright]]]), 0, view));
    expect(flat).toHaveLength(1);
    expect(flat[0].points).toEqual([
      [150, 154],
      [250, 154],
      [250, 94],
      [150, 94],
    ]);
    const corner = fills(drawFrame(still([[box, [0, 0, 0, ...upright]]], 'corner'), 0, view));
    expect(corner).toHaveLength(3);
    const brightness = corner.map(({ color }) => Number.parseInt(color.slice(1, 3), 16));
    expect(Math.max(...brightness)).toBe(brightness[1]); // faces come by axis: x, y, z
  });

  it('draws a cylinder with its lid, and lines open or closed', () => {
    const film = still([
      [{ kind: 'cylinder', radius: 0.5, halfHeight: 0.1 }, [0, 0, 0, ...upright]],
      [
        {
          kind: 'line',
          points: [
            [0, 0, 0],
            [1, 0, 0],
            [1, 1, 0],
          ],
        },
        [0, 0, 0, ...upright],
      ],
      [
        {
          kind: 'line',
          points: [
            [0, 0, 0],
            [1, 0, 0],
            [1, 1, 0],
          ],
          closed: true,
        },
        [0, 0, 0, ...upright],
      ],
    ]);
    const kinds = drawFrame(film, 0, view).map(({ kind }) => kind);
    expect(kinds).toEqual(['stroke', 'fill', 'fill', 'fill']);
  });

  it('draws a spoke on a cylinder seen from its end, so that a wheel is seen to turn', () => {
    const spokeAt = (...turn: number[]) => {
      const wheel: Shape = { kind: 'cylinder', radius: 0.5, halfHeight: 0.1 };
      const [spoke] = strokes(drawFrame(still([[wheel, [0, 0, 0, ...turn]]]), 0, view));
      return spoke.points.map(([x, y]) => [Math.round(x) - 200, Math.round(y) - 124]);
    };
    const half = Math.SQRT1_2;
    // Along z; then a quarter turn counter-clockwise, which lifts what was in front to the top.
    expect(spokeAt(half, 0, 0, half)).toEqual([
      [50, 0],
      [-50, 0],
    ]);
    expect(spokeAt(0.5, 0.5, 0.5, 0.5)).toEqual([
      [0, -50],
      [0, 50],
    ]);
  });

  it('marks the ground in metres from the side, and lets things cast a shadow that fades with height', () => {
    const shadowAt = (y: number) => {
      const figures = drawFrame(still([ground, [ball(0.1), [0, y, 0, ...upright]]]), 0, view);
      expect(texts(figures)).toEqual(['-1 m', '0 m', '1 m']);
      return strokes(figures).find(({ color }) => color === view.shadow)!;
    };
    expect(shadowAt(-0.4)).toMatchObject({
      opacity: 0.3,
      points: [
        [190, 177],
        [210, 177],
      ],
    });
    expect(shadowAt(0.6).opacity).toBeCloseTo(0.3 / 4);
  });

  it('lays tiles of a metre where the viewer looks down, fading with the distance', () => {
    const tiles = fills(drawFrame(still([ground], 'above'), 0, view));
    expect(tiles.length).toBeGreaterThan(10);
    expect(tiles[0].points).toHaveLength(4);
    const faintest = Math.min(...tiles.map(({ opacity }) => opacity ?? 1));
    expect(faintest).toBeLessThan(0.5);
  });

  it('blends poses between two frames, along the shorter way round', () => {
    const film = still([[ball(0.1), [0, 0, 0, ...upright]]]);
    const moved = { poses: [[1, 0, 0, 0, 0, 0, -1]], target: [0, 0, 0] as const };
    const two = { ...film, frames: [film.frames[0], moved] };
    const [outline] = strokes(drawFrame(two, 0.25, view));
    expect(outline.points[0]).toEqual([225, 124]);
    expect(drawFrame(two, 7, view)).toEqual(drawFrame(two, 1, view));
  });

  it('leaves out what is not in the picture', () => {
    expect(drawFrame(still([[ball(0.1), []]]), 0, view)).toEqual([]);
  });
});

it('the text of the drawing functions draws the same by itself', () => {
  const alone = new Function(`${drawingScript()}\nreturn drawFrame;`)() as typeof drawFrame;
  for (const side of ['side', 'corner'] as const) {
    const film = packFilm(hoppingFilm(side));
    expect(alone(film, 7.5, view)).toEqual(drawFrame(film, 7.5, view));
  }
});
