import { usageError } from '../../core/errors.ts';

/** A batch as streams send them. */
interface Batch {
  readonly ids: Int32Array;
  readonly x: Float32Array;
  readonly y?: Int32Array;
}

/** Images of several batches, side by side. */
export interface Gathered {
  readonly ids: Int32Array;
  /** [images, …] */
  readonly x: Float32Array;
  /** [images]: labels of the first labelling; empty where there are none */
  readonly y: Int32Array;
}

/**
 * Takes batches until all images of a stream are there, once each.
 * @param name for the error, e.g. `labelled`
 * @throws a usage error where an image comes twice: then the batches are no whole epoch
 */
export async function gather(
  name: string,
  batches: { next(): Promise<Batch> },
  count: number,
): Promise<Gathered> {
  const all: Batch[] = [];
  for (let i = 0; i < count; i++) all.push(await batches.next());
  const total = all.reduce((sum, { ids }) => sum + ids.length, 0);
  const [size, labellings] = [
    all[0].x.length / all[0].ids.length,
    (all[0].y?.length ?? 0) / all[0].ids.length,
  ];
  const gathered = {
    ids: new Int32Array(total),
    x: new Float32Array(total * size),
    y: new Int32Array(labellings > 0 ? total : 0),
  };
  let at = 0;
  for (const { ids, x, y } of all) {
    gathered.ids.set(ids, at);
    gathered.x.set(x, at * size);
    if (y) for (let i = 0; i < ids.length; i++) gathered.y[at + i] = y[i * labellings];
    at += ids.length;
  }
  const seen = new Set<number>();
  const twice = gathered.ids.find(id => seen.size === seen.add(id).size);
  if (twice === undefined) return gathered;
  throw usageError(
    `${name}: sample ${twice} came twice in ${count} batches: expected one epoch, each sample once`,
  );
}
