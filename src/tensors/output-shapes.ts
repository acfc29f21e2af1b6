import type { HostTensor, Tree } from './contract.ts';
import type { Feeds } from './programs/contract.ts';
import { Signature } from './signature.ts';
import { traceStep } from './trace/trace.ts';
import { treeLike } from './trees.ts';

/** What a tensor looks like. */
export interface TensorForm {
  readonly shape: readonly number[];
  readonly dtype: string;
}

/**
 * The shapes and dtypes that a step returns, by tracing it once: nothing is computed, and no executor is started.
 * @param inputs their values do not matter
 */
export function outputShapes<In extends Readonly<Record<string, unknown>>>(
  name: string,
  step: (args: never) => object,
  inputs: In & { readonly [K in keyof In]: Tree<HostTensor> },
): Readonly<Record<string, Tree<TensorForm>>> {
  const signature = new Signature(name, inputs as Feeds, () => false);
  const shapes = signature.leaves(inputs as Feeds).map(({ shape }) => shape);
  const { outputs } = traceStep(
    name,
    step as unknown as Parameters<typeof traceStep>[1],
    { form: {}, specs: [] },
    signature.treeForm(shapes),
  );
  const forms = outputs.values.map(({ shape, dtype }): TensorForm => ({ shape: [...shape], dtype }));
  return treeLike(outputs.form, forms) as Record<string, Tree<TensorForm>>;
}
