import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { DataSource, Labelling } from '../../data/contract.ts';
import { loadEngine } from '../../env/rapier/engine.ts';
import { drawScene, frames, playScenes, type SceneDraw, type SceneFrame, size } from './scene-world.ts';

/** Of a picture: rows of the ball's lane from the floor up, then one of the box's. */
const ballRows = 5;
const columns = 12;
/** Metres of a pixel, and deviation of the camera's noise. */
const pixel = 0.6;
const noise = 0.05;
/** Width of what is seen of a body, pixels. */
const blur = 0.7;
/** Scenes that are played in one world. */
const block = 250;
const pictureSize = (ballRows + 1) * columns;

const third = (value: number, from: number, to: number): number =>
  Math.min(2, Math.floor((3 * (value - from)) / (to - from)));

/** What is asked of a scene: four questions about the ball, four about the box. */
const questions: readonly (Labelling & { readonly of: (scene: SceneDraw) => number })[] = [
  { name: 'ball side', classes: 2, of: ({ ball }) => Number(ball.x > 0) },
  { name: 'ball direction', classes: 2, of: ({ ball }) => Number(ball.speed > 0) },
  { name: 'ball height', classes: 3, of: ({ ball }) => third(ball.height, 0.6, 2.6) },
  { name: 'ball bounce', classes: 3, of: ({ ball }) => third(ball.restitution, 0.1, 0.9) },
  { name: 'box side', classes: 2, of: ({ box }) => Number(box.x > 0) },
  { name: 'box direction', classes: 2, of: ({ box }) => Number(box.speed > 0) },
  { name: 'box speed', classes: 3, of: ({ box }) => third(Math.abs(box.speed), 0.6, 3) },
  { name: 'box friction', classes: 3, of: ({ box }) => third(box.friction, 0.05, 0.5) },
];

/** The tasks of scenes. */
export const sceneTasks: readonly Labelling[] = questions.map(({ name, classes }) => ({ name, classes }));
/** Numbers of a sample. */
export const sceneShape: readonly number[] = [frames, ballRows + 1, columns];

/**
 * Scenes of a ball that bounces and a box that slides, simulated by Rapier, as five small grey pictures each: what is asked of
 * them (side, direction, height, bounciness, friction) is nowhere to be seen in one of them alone. Scene i is a function of
 * (seed, split, i) on one kind of machine.
 */
export async function openScenes(seed: number, split: 'train' | 'test'): Promise<DataSource> {
  const engine = await loadEngine('simd');
  const played = new Map<number, SceneFrame[][]>();
  const name = `scenes (${split})`;
  const framesOf = (id: number): SceneFrame[] => {
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
      framesOf(id).forEach((frame, f) => {
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
      return questions[labelling].of(drawScene(seed, split, id));
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
