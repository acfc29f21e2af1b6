import * as tf from '../tfjs.ts';

/** A row of the table: what a kernel's gradient needs, and how it is had. */
export type Row = tf.GradConfig;

/** For each input, how its gradient is had; asked for only where it is needed. */
export type InputGradients = Record<string, () => tf.Tensor>;

/** What the tape keeps for a row, in this order: inputs by name, then outputs by position. */
interface Saved {
  readonly inputs?: readonly string[];
  /** Which outputs; kernels with one have `[true]`. */
  readonly outputs?: readonly boolean[];
}

/** A row for a kernel with one output. `Attributes` is what tfjs-core's `kernel_names` says of the kernel. */
export function row<Attributes = object>(
  kernelName: string,
  { inputs = [], outputs = [] }: Saved,
  gradients: (dy: tf.Tensor, saved: readonly tf.Tensor[], attributes: Attributes) => InputGradients,
): Row {
  return {
    kernelName,
    inputsToSave: [...inputs],
    outputsToSave: [...outputs],
    gradFunc: (dy, saved, attributes) =>
      gradients(dy as tf.Tensor, saved, attributes as unknown as Attributes),
  };
}

/** A row for a kernel with several outputs; the tape gives zeros for those that nothing depends on. */
export function rowOfSeveral<Attributes>(
  kernelName: string,
  { inputs = [], outputs = [] }: Saved,
  gradients: (
    dys: readonly tf.Tensor[],
    saved: readonly tf.Tensor[],
    attributes: Attributes,
  ) => InputGradients,
): Row {
  return {
    kernelName,
    inputsToSave: [...inputs],
    outputsToSave: [...outputs],
    // With a single output tfjs hands over the gradient itself.
    gradFunc: (dys, saved, attributes) => gradients([dys].flat(), saved, attributes as unknown as Attributes),
  };
}

/** A row for a kernel that takes a list of tensors; all of them are saved. */
export function rowOfList<Attributes = object>(
  kernelName: string,
  gradients: (dy: tf.Tensor, inputs: readonly tf.Tensor[], attributes: Attributes) => (() => tf.Tensor)[],
): Row {
  return {
    kernelName,
    saveAllInputs: true,
    gradFunc(dy, saved, attributes) {
      const list = gradients(dy as tf.Tensor, saved, attributes as unknown as Attributes);
      return Object.fromEntries(list.entries());
    },
  };
}

/** A row for a kernel that is constant wherever it is continuous: zeros for these inputs. */
export const flat = (kernelName: string, ...inputs: readonly string[]): Row =>
  row(kernelName, { inputs }, (_, saved) =>
    Object.fromEntries(inputs.map((name, i) => [name, () => zeros(saved[i].shape)])),
  );

/** Runs a kernel that tfjs has no public op for. */
export const kernel = (name: string, inputs: Record<string, tf.Tensor>, attributes: object = {}): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap);

/** Not `tf.zeros`, which uploads them: this is a kernel without inputs, and a constant in a compiled program. */
export const zeros = (shape: readonly number[]): tf.Tensor => tf.fill([...shape], 0);

/**
 * dy where a condition holds, else 0; both of one shape. A selection, not a product with a mask: one kernel less, and
 * no NaN where 0 meets infinity.
 */
export const where = (condition: tf.Tensor, dy: tf.Tensor): tf.Tensor =>
  kernel('Select', { condition, t: dy, e: zeros(dy.shape) });

/** dy where a condition does not hold, else 0. */
export const unless = (condition: tf.Tensor, dy: tf.Tensor): tf.Tensor =>
  kernel('Select', { condition, t: zeros(dy.shape), e: dy });

/** The gradient of an input that was broadcast: the sum over the axes that it was repeated along. */
export function sumTo(dx: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const ahead = dx.rank - shape.length;
  const axes = dx.shape.flatMap((size, i) =>
    size !== 1 && (i < ahead || shape[i - ahead] === 1) ? [i] : [],
  );
  if (axes.length === 0) return reshaped(dx, shape);
  return reshaped(tf.sum(dx, axes, ahead === 0), shape);
}

/** `sumTo` for dy itself: never dy, as the tape frees the gradients that it adds up. */
export function passedOn(dy: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const dx = sumTo(dy, shape);
  return dx === dy ? tf.clone(dy) : dx;
}

/** A tensor in another shape, or itself where it has that shape. */
export const reshaped = (x: tf.Tensor, shape: readonly number[]): tf.Tensor =>
  tf.util.arraysEqual(x.shape, [...shape]) ? x : tf.reshape(x, [...shape]);
