import type { Random } from '../../../core/random.ts';
import type { Tensor } from '../../../tensors/index.ts';
import type { LayerInputs, LayerOutputs, SequentialLayer } from '../contract.ts';

/** A layer as it is written: with its parameters' own types, on the host `H` and on the device `P`. */
export interface TypedLayer<H, P> extends Omit<SequentialLayer, 'init' | 'apply'> {
  init(random: Random): H;
  /** @param x [rows, ...] */
  apply(params: P, x: Tensor, inputs: LayerInputs): LayerOutputs;
}

/** The same as a pipeline takes it. An interface such as `Dense<Tensor>` is no `Tree<Tensor>` to TypeScript, though it is one. */
export const layerOf = <H extends object, P extends object>(layer: TypedLayer<H, P>): SequentialLayer =>
  layer as unknown as SequentialLayer;
