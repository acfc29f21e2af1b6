import { z } from 'zod';
import { executorField, startExecutor } from '../../actors/executor.ts';
import { defineActor } from '../../actors/index.ts';
import type { PolicyRef } from '../../actors/policy.ts';
import { compilePolicy } from '../../actors/policy-programs.ts';
import { rowBlocks, rowsOf } from '../../tensors/index.ts';
import { type FreshClassifier, freshClassifier, type LabelledSample } from './fresh-classifier.ts';

/** Two samples of transitions that a classifier is to tell apart. */
export interface AucQuestion {
  readonly real: LabelledSample;
  readonly fake: LabelledSample;
  readonly seed: number;
}

/** What a generator thinks best on given rows. */
export interface OutputsQuestion {
  readonly generator: PolicyRef;
  readonly parameters: readonly Float32Array[];
  /** What it sees, [n × size]. */
  readonly inputs: Float32Array;
  readonly size: number;
}

/** Works out of samples what takes tensors. It keeps nothing: the same question has the same answer. */
export const analyst = defineActor(import.meta.url, {
  name: 'analyst',
  config: z.object({ executor: executorField }),
  async start({ config, heartbeat }) {
    await startExecutor(config.executor);
    const classifiers = new Map<number, Promise<FreshClassifier>>();
    const classifierOf = (size: number) => {
      const made = classifiers.get(size) ?? freshClassifier(size);
      classifiers.set(size, made);
      return made;
    };
    return {
      /** How well a classifier, trained anew on half of the episodes, tells the other half apart. */
      async auc({ real, fake, seed }: AucQuestion): Promise<number> {
        return (await classifierOf(real.size)).auc(real, fake, seed, heartbeat);
      },
      /** Raw parameters at the middle of the generator's distribution, [n × G] for each of `parameters`. */
      async outputs({ generator, parameters, inputs, size }: OutputsQuestion): Promise<Float32Array[]> {
        const programs = await compilePolicy(generator);
        const rows = inputs.length / size;
        const observations = { shape: [rows, size], data: inputs };
        const all = parameters.map(each => {
          programs.setParameters(each);
          let out = new Float32Array();
          for (const [from, to] of rowBlocks(rows)) {
            const { data } = programs.decide(rowsOf(observations, from, to));
            const width = data.length / (to - from);
            if (from === 0) out = new Float32Array(rows * width);
            out.set(data, from * width);
            heartbeat();
          }
          return out;
        });
        programs.dispose();
        return all;
      },
      async stop() {
        for (const each of classifiers.values()) (await each).dispose();
      },
    };
  },
});
