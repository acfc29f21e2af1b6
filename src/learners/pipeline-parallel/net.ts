import { TroupeError, usageError } from '../../core/errors.ts';
import { importModule } from '../../core/modules.ts';
import { Random } from '../../core/random.ts';
import {
  type HostTensor,
  outputShapes,
  type Tensor,
  type TensorForm,
  type Tree,
  type TreeLayout,
  treeLayout,
} from '../../tensors/index.ts';
import type { LayerInputs, NetRef, SequentialLayer, SequentialNet } from './contract.ts';

/**
 * Builds a net on this thread.
 * @throws a usage error where the module has no such function, or layers share a name
 */
export async function openNet({ module, name, settings }: NetRef): Promise<SequentialNet> {
  const found = (await importModule(module))[name];
  if (typeof found !== 'function') {
    throw usageError(`net: ${module}: expected an exported function named ${name}, got ${typeof found}`);
  }
  const net = (await found(settings)) as SequentialNet;
  const names = new Set<string>();
  for (const layer of net.layers) {
    if (names.has(layer.name)) throw usageError(`net ${name}: two layers are named ${layer.name}`);
    names.add(layer.name);
  }
  if (net.layers.length === 0) throw usageError(`net ${name}: expected at least one layer, got none`);
  return net;
}

/** The initial parameters of a layer: by its name, so that they are the same wherever the net is cut. */
export const initLayer = (layer: SequentialLayer, seed: number): Tree<HostTensor> =>
  layer.init(Random.fromSeed(seed).split('weights', layer.name));

/** What is given to some layers beside their input, by the layer's name. */
export interface Asides {
  readonly noise: Readonly<Record<string, Tensor>>;
  readonly carried: Readonly<Record<string, Tensor>>;
  readonly statistics?: Readonly<Record<string, Tensor>>;
}

/** What some layers gave beside their output, by the layer's name. */
export interface RunLayers {
  readonly y: Tensor;
  readonly carried: Readonly<Record<string, Tensor>>;
  readonly sums: Readonly<Record<string, Tensor>>;
}

/** Layers one after the other: a stage's forward pass, or with all of a net's layers the whole of it. */
export function runLayers(
  layers: readonly SequentialLayer[],
  params: readonly Tree<Tensor>[],
  x: Tensor,
  asides: Asides,
): RunLayers {
  const carried: Record<string, Tensor> = {};
  const sums: Record<string, Tensor> = {};
  let y = x;
  layers.forEach((layer, i) => {
    const { name } = layer;
    const inputs: LayerInputs = {
      noise: asides.noise[name],
      carried: asides.carried[name],
      statistics: asides.statistics?.[name],
    };
    const given = layer.apply(params[i], y, inputs);
    y = given.y;
    if (given.carried) carried[name] = given.carried;
    if (given.sums) sums[name] = given.sums;
  });
  return { y, carried, sums };
}

/** What the outside must know of a layer to cut there. */
export interface LayerPlan {
  readonly name: string;
  /** Of one row that comes in. */
  readonly input: { readonly shape: readonly number[]; readonly dtype: 'float32' | 'int32' };
  /** Of one row that goes out. */
  readonly output: readonly number[];
  readonly parameters: TreeLayout;
  /** Length of its statistics, [2, channels]; 0 where it has none. */
  readonly sums: number;
}

/**
 * What each layer takes and gives, by tracing it: nothing is computed.
 * @param rows of a micro-batch
 * @throws where a layer gives no float32 tensor of as many rows, with its name
 */
export function planNet(net: SequentialNet, rows: number, seed: number): readonly LayerPlan[] {
  let input: LayerPlan['input'] = net.input;
  return net.layers.map((layer): LayerPlan => {
    const params = initLayer(layer, seed);
    const own = <T>(shape: readonly number[] | undefined, make: (size: readonly number[]) => T) =>
      shape ? { [layer.name]: make([rows, ...shape]) } : {};
    const step = (args: { params: Tree<Tensor>; x: Tensor } & Asides) => ({
      y: runLayers([layer], [args.params], args.x, args).y,
    });
    const size = [rows, ...input.shape];
    const length = size.reduce((product, n) => product * n, 1);
    const { y } = outputShapes(`layer ${layer.name}`, step, {
      params,
      x: { shape: size, data: input.dtype === 'int32' ? new Int32Array(length) : new Float32Array(length) },
      noise: own(layer.noise, zeros),
      carried: own(layer.carries, zeros),
    });
    const { shape, dtype } = y as TensorForm;
    if (dtype !== 'float32' || shape[0] !== rows) {
      throw new TroupeError(
        `layer ${layer.name}: expected to give float32 [${rows}, ...], got ${dtype} [${shape.join(', ')}]`,
      );
    }
    const plan = {
      name: layer.name,
      input,
      output: shape.slice(1),
      parameters: treeLayout(params),
      sums: 2 * (layer.statistics?.channels ?? 0),
    };
    input = { shape: plan.output, dtype: 'float32' };
    return plan;
  });
}

const zeros = (shape: readonly number[]): HostTensor => ({
  shape,
  data: new Float32Array(shape.reduce((product, n) => product * n, 1)),
});
