import { loadEnvironment } from '../env/define.ts';
import { type PictureOptions, Rasteriser } from '../env/pixels/rasteriser.ts';
import { views } from '../env/pixels/views.ts';
import { resolveEnvironment } from '../env/registry.ts';
import { type Bench, type BenchResult, spread } from './contract.ts';

const pictures: readonly PictureOptions[] = [
  { size: 32, colors: 'grey' },
  { size: 64, colors: 'rgb' },
];

/** What a small picture of a scene costs, the scene itself aside. */
export const bench: Bench = async () => {
  const results: BenchResult[] = [];
  for (const name of ['pendulum', 'cart-pole-swing-up', 'hopper', 'ant'])
    for (const options of pictures) results.push(await measure(name, options));
  return results;
};

const frames = 1000;

async function measure(name: string, options: PictureOptions): Promise<BenchResult> {
  const vector = await loadEnvironment(await resolveEnvironment(name), 1);
  vector.reset({ seed: 1 });
  const scene = vector.render?.(0);
  vector.close();
  if (!scene) throw new Error(`${name} has no render`);
  const rasteriser = new Rasteriser({ ...options, view: views[name] });
  const times: number[] = [];
  for (let repetition = 0; repetition < 20; repetition++) {
    const start = performance.now();
    for (let k = 0; k < frames; k++) rasteriser.draw(scene);
    if (repetition >= 5) times.push((1000 * (performance.now() - start)) / frames);
  }
  const { size, colors } = options;
  const bar = size === 32 && name === 'cart-pole-swing-up' ? { bar: '≤ 30 us' } : {};
  return { name: `${name}, ${size}×${size} ${colors}`, unit: 'us', ...spread(times), ...bar };
}
