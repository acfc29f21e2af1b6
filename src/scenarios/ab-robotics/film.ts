import { Random } from '../../core/random.ts';
import type { Film, Scene } from '../../core/scene.ts';
import { type EngineName, loadEngine } from '../../env/rapier/engine.ts';
import { benchScene, Cell, way } from './cell.ts';
import { asSetUp } from './drift.ts';

/** Steps between frames. */
const every = 2;

/** One trial in the world as it was set up: what all the numbers are about. */
export async function filmTrial(engine: EngineName, seed: number): Promise<Film> {
  const cell = new Cell(await loadEngine(engine));
  const frames: Scene[] = [];
  let step = 0;
  cell.play(
    { squeeze: 1.25, lift: 0.07, correction: 0 },
    asSetUp,
    Random.fromSeed(seed).split('film'),
    () => {
      if (step++ % every !== 0) return;
      frames.push({
        objects: [...benchScene, ...cell.scene()],
        camera: { target: [way / 2, 0.05, 0], distance: 0.6, side: 'side' },
      });
    },
  );
  cell.free();
  return { title: 'One trial: a cube goes from bin to bin', dt: every / 100, frames };
}
