import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { DataSource, Labelling } from '../../data/contract.ts';
import { loadEngine } from '../../env/rapier/engine.ts';
import {
  drawScene,
  frames,
  type PlayedScene,
  playScenes,
  type SceneDraw,
  type SceneFrame,
  size,
} from './scene-world.ts';

/** Of a picture: rows of the ball's lane from the floor up, then one of the box's. */
const ballRows = 5;
const columns = 12;
/** Metres of a pixel, and deviation of the camera's noise. */
const pixel = 0.6;
const noise = 0.2;
/** Width of what is seen of a body, pixels. */
const blur = 0.7;
/** Scenes that are played in one world. */
const block = 250;
const pictureSize = (ballRows + 1) * columns;

/** The class of a value between bounds that ascend. */
const classOf = (value: number, ...bounds: number[]): number => bounds.filter(bound => value >= bound).length;

const reboundOf = ({ rebound }: PlayedScene): number => classOf(rebound, 0.11, 0.35, 0.72);
const distanceOf = ({ distance }: PlayedScene): number => classOf(distance, 0.29, 0.64, 1.19);

interface Scene {
  readonly draw: SceneDraw;
  readonly played: PlayedScene;
}

/**
 * What is asked of a scene: four questions about the ball, four about the box. The bounds part what is drawn, or what comes of it,
 * into classes of about the same size.
 */
const questions: readonly (Labelling & { readonly of: (scene: Scene) => number })[] = [
  { name: 'ball rebound', classes: 4, of: ({ played }) => reboundOf(played) },
  { name: 'ball lively', classes: 2, of: ({ played }) => Number(reboundOf(played) > 1) },
  { name: 'ball high', classes: 2, of: ({ played }) => Number(reboundOf(played) > 2) },
  { name: 'ball bounce', classes: 3, of: ({ draw }) => classOf(draw.ball.restitution, 0.37, 0.63) },
  { name: 'box distance', classes: 4, of: ({ played }) => distanceOf(played) },
  { name: 'box far', classes: 2, of: ({ played }) => Number(distanceOf(played) > 1) },
  { name: 'box long', classes: 2, of: ({ played }) => Number(distanceOf(played) > 2) },
  { name: 'box speed', classes: 3, of: ({ draw }) => classOf(Math.abs(draw.box.speed), 1.4, 2.2) },
];

/** The tasks of scenes. */
export const sceneTasks: readonly Labelling[] = questions.map(({ name, classes }) => ({ name, classes }));
/** Numbers of a sample. */
export const sceneShape: readonly number[] = [frames, ballRows + 1, columns];

/**
 * Scenes of a ball that bounces and a box that slides, simulated by Rapier, as five small grey pictures each: most of what
 * is asked of them is nowhere to be seen in one picture alone. Scene i is a function of
 * (seed, split, i) on one kind of machine.
 */
export async function openScenes(seed: number, split: 'train' | 'test'): Promise<DataSource> {
  const engine = await loadEngine('simd');
  const played = new Map<number, readonly PlayedScene[]>();
  const name = `scenes (${split})`;
  const sceneOf = (id: number): PlayedScene => {
    const which = Math.floor(id / block);
    const scenes =
      played.get(which) ??
      playScenes(
        engine,
        Array.from({ length: block }, (_, i) => drawScene(seed, split, which * block + i)),
      );
    played.set(which, scenes);
    return scenes[id % block];
  };
  const expectId = (id: number) => {
    if (!(Number.isInteger(id) && id >= 0)) throw usageError(`${name}: id = ${id}: expected 0 or more`);
  };
  return {
    name,
    shape: sceneShape,
    count: Number.POSITIVE_INFINITY,
    labellings: sceneTasks,
    write(id, out, at) {
      expectId(id);
      const random = Random.fromSeed(seed).split('camera', split, id);
      sceneOf(id).frames.forEach((frame, f) => {
        const from = at + f * pictureSize;
        for (let p = from; p < from + pictureSize; p++) out[p] = noise * random.normal();
        draw(out, from, frame);
      });
    },
    label(id, labelling = 0) {
      expectId(id);
      if (!questions[labelling]) {
        throw usageError(`${name}: labelling = ${labelling}: expected 0 to ${questions.length - 1}`);
      }
      return questions[labelling].of({ draw: drawScene(seed, split, id), played: sceneOf(id) });
    },
  };
}

/** Draws both bodies, the ball on its rows, the box on the last. */
function draw(out: Float32Array, from: number, { ball, box }: SceneFrame): void {
  const across = (x: number) => x / pixel + (columns - 1) / 2;
  const [ballColumn, ballRow, boxColumn] = [across(ball[0]), (ball[1] - size) / pixel, across(box[0])];
  const share = (distance: number) => Math.exp(-0.5 * (distance / blur) ** 2);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < ballRows; row++) {
      out[from + row * columns + column] += share(column - ballColumn) * share(row - ballRow);
    }
    out[from + ballRows * columns + column] += share(column - boxColumn);
  }
}
