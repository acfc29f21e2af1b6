import { firstValueFrom, type Observable } from 'rxjs';
import { sizeOf } from '../../core/arrays.ts';
import { TroupeError } from '../../core/errors.ts';
import type { ClassifierNet } from '../classifier/index.ts';
import { TURNS } from '../few-label-gan/rotation.ts';
import type { labelInputs } from './config.ts';
import type { Rows } from './few-labels.ts';
import type { RotationFeatures } from './messages.ts';
import { compileReading } from './reading.ts';

/** What is seen of images: through the net of rotations, their pixels, or both side by side. */
export interface Seeing {
  readonly net: ClassifierNet;
  readonly shape: readonly number[];
  readonly inputs: (typeof labelInputs)[number];
}

/** The features that arrive; undefined at once where only pixels are seen, and at the end where none came. */
export const featuresFor = async (
  { inputs }: Seeing,
  features: Observable<RotationFeatures>,
): Promise<RotationFeatures | undefined> =>
  inputs === 'image' ? undefined : firstValueFrom(features, { defaultValue: undefined });

/** One row of numbers an image. @param images [images, ...shape], each of the arrays by itself */
export async function seen(
  images: readonly Float32Array[],
  features: RotationFeatures | undefined,
  { net, shape, inputs }: Seeing,
): Promise<readonly Rows[]> {
  const pixels = sizeOf(shape);
  if (inputs === 'image') return images.map(data => ({ data, width: pixels }));
  if (!features) throw new TroupeError('features of rotations: none came before the end');
  const reading = await compileReading(net, shape, TURNS, features.params);
  try {
    const rows: Rows[] = [];
    for (const x of images) {
      const { features: data, width } = await reading.read(x);
      const own = { data, width };
      rows.push(inputs === 'features' ? own : sideBySide(own, { data: x, width: pixels }));
    }
    return rows;
  } finally {
    reading.dispose();
  }
}

function sideBySide(a: Rows, b: Rows): Rows {
  const width = a.width + b.width;
  const count = a.data.length / a.width;
  const data = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    data.set(a.data.subarray(row * a.width, (row + 1) * a.width), row * width);
    data.set(b.data.subarray(row * b.width, (row + 1) * b.width), row * width + a.width);
  }
  return { data, width };
}
