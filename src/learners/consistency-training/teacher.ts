import { concatMap, zip } from 'rxjs';
import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor, port } from '../../actors/index.ts';
import { Random } from '../../core/random.ts';
import type { UnlabelledPair } from '../../data/augment/index.ts';
import { compile, initTensors, type Tensor, tf, treeLayout, treeLike } from '../../tensors/index.ts';
import { type Classifier, classifierInit, classifierNet, classify } from '../classifier/index.ts';
import type { Parameters, Target } from './messages.ts';

/** What the teacher is spawned with. */
export const teacherConfig = z.object({
  net: classifierNet,
  shape: z.array(z.number().int().positive()).describe('Of one sample.'),
  classes: z.number().int().min(2),
  executor: executorField,
});

/**
 * The student's second role: the same parameters, as they are before each step, read through a port that no gradient passes.
 * It says what it takes the originals for; the student learns to say the same of what was made of them.
 */
export const teacher = defineActor(import.meta.url, {
  name: 'teacher',
  config: teacherConfig,
  inputs: { parameters: port<Parameters>(), pairs: port<UnlabelledPair>() },
  outputs: { targets: port<Target>() },
  async start({ config, inputs, outputs, crash }) {
    const { net, shape, classes } = config;
    await initTensors(config.executor);
    const form = classifierInit(Random.fromSeed(0), net, shape, classes);
    const { leaves } = treeLayout(form);
    const sizes = leaves.map(({ size }) => size);
    // Every step brings other parameters: an input is taken as it comes, state would be a copy of it.
    const predict = await compile(
      ({ values, u }: { values: Tensor; u: Tensor }) => {
        const parts = tf.split(values, sizes).map((part, i) => tf.reshape(part, [...leaves[i].shape]));
        const params = treeLike(form, parts) as unknown as Classifier<Tensor>;
        return { p: tf.softmax(classify(params, u)) };
      },
      { name: 'teacher' },
    );
    zip(inputs.parameters, inputs.pairs)
      .pipe(
        concatMap(async ([{ values }, { index, ids, u }]): Promise<Target> => {
          const { p } = await predict({
            values: { shape: [values.length], data: values },
            u: { shape: [ids.length, ...shape], data: u },
          });
          return { index, p: p.data as Float32Array };
        }),
      )
      .subscribe({ next: target => outputs.targets.next(target), error: crash });
    return { stop: () => predict.dispose() };
  },
});
