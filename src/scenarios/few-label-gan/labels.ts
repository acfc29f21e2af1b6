import { poolIds } from '../../actors/streams/index.ts';
import { Random } from '../../core/random.ts';
import type { Inferred } from '../../learners/label-inference/index.ts';
import type { LabelSource } from './plans.ts';
import type { Inference, Labels } from './preparations.ts';

/** What the discriminator of an arm is told. People’s labels of all, or of the few, come from the source itself. */
export function labelsFor(
  from: LabelSource,
  { ground, perClass }: Inference,
  inferred: Readonly<Record<'inferred' | 'clusters', Labels | undefined>>,
): Pick<Inferred, 'ids' | 'y'> {
  const known = (ids: Int32Array) => ({ ids, y: ids.map(id => ground.source.label(id)) });
  const pool = (few: number | null) => poolIds(ground.source, { ...ground.train, perClass: few });
  switch (from) {
    case 'none':
      return { ids: new Int32Array(0), y: new Int32Array(0) };
    case 'all':
      return known(pool(null));
    case 'few':
      return known(pool(perClass));
    case 'random': {
      const random = Random.fromSeed(ground.train.seed).split('random labels');
      const ids = pool(null);
      return { ids, y: ids.map(() => random.integer(ground.classes)) };
    }
    case 'inferred':
    case 'clusters': {
      const labels = inferred[from];
      if (!labels) throw new Error(`labels: ${from}: not made`);
      return labels;
    }
  }
}
