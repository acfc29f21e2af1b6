import {
  type Adam,
  adam,
  adamInit,
  compile,
  compileInTwo,
  type HostTensor,
  hostZeros,
  type Kept,
  type Sgd,
  sgd,
  sgdInit,
  type Tensor,
  type Tree,
  type TwoPhase,
  tf,
  treeLayout,
  valueAndGrad,
} from '../../tensors/index.ts';
import type { OptimizerSettings } from './config.ts';
import type { SequentialNet } from './contract.ts';
import { type Asides, initLayer, runLayers } from './net.ts';

/** What a stage computes a micro-batch from. */
export interface MicroInputs {
  readonly x: HostTensor;
  readonly noise: Readonly<Record<string, HostTensor>>;
  readonly carried: Readonly<Record<string, HostTensor>>;
  /** Of the last stage only. */
  readonly targets?: HostTensor;
}

/** What the forward pass of a micro-batch gives. */
export interface MicroOutputs {
  /** What goes to the next stage. Of the last stage: the losses of its rows. */
  readonly y: HostTensor;
  readonly carried: Readonly<Record<string, HostTensor>>;
  readonly sums: Readonly<Record<string, HostTensor>>;
}

/** A forward pass whose activations are held for its backward pass. */
export interface Held {
  readonly outputs: MicroOutputs;
  readonly kept: Kept;
  /** Of the activations that are held, its input not among them. */
  readonly bytes: number;
}

type Trees = Readonly<Record<string, Tensor>>;
interface StepArgs {
  readonly params: readonly Tree<Tensor>[];
  readonly gradient: Tensor;
  readonly x: Tensor;
  readonly noise: Trees;
  readonly carried: Trees;
  readonly targets?: Tensor;
}

/** The layers of a stage. */
export interface StagePart {
  readonly net: SequentialNet;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
}

/** The forward pass of a stage's layers; the last stage's ends in the losses. */
function forwardPass({ net, from, to }: StagePart) {
  const layers = net.layers.slice(from, to);
  const last = to === net.layers.length;
  return (params: readonly Tree<Tensor>[], x: Tensor, asides: Asides, targets: Tensor | undefined) => {
    const given = runLayers(layers, params, x, asides);
    return last && targets ? { ...given, y: net.loss(given.y, targets) } : given;
  };
}

/**
 * Both passes of a micro-batch as one step: what depends on `slope` is the backward one. Σ y · slope has the gradient that comes from the
 * stage behind as its own with respect to y, so its gradient is the stage's share of the mini-batch's; it is added up in the state.
 */
function microStep(part: StagePart, parameters: number) {
  const forward = forwardPass(part);
  return ({ params, gradient, x, noise, carried, targets, slope }: StepArgs & { readonly slope: Tensor }) => {
    // Something has to be there to differentiate with respect to.
    const floats = part.from > 0 || parameters === 0;
    const of = floats ? { params, x } : { params };
    const passed = valueAndGrad((at: { params: readonly Tree<Tensor>[]; x?: Tensor }) => {
      const outputs = forward(at.params, at.x ?? x, { noise, carried }, targets);
      return { loss: tf.sum(tf.mul(outputs.y, slope)), outputs };
    }, of as never) as unknown as { outputs: { y: Tensor; carried: Trees; sums: Trees }; gradient: Tensor };
    const own = parameters > 0 ? tf.slice(passed.gradient, [0], [parameters]) : undefined;
    return {
      ...passed.outputs,
      ...(own && { gradient: tf.add(gradient, own) }),
      ...(floats && { dx: tf.reshape(tf.slice(passed.gradient, [parameters], [x.size]), x.shape) }),
    };
  };
}

/** Compiles what a stage runs. Its parameters, its optimiser's state and the gradient so far are one state. */
export async function compileStage(part: StagePart, optimizer: OptimizerSettings) {
  const { net, from, to, seed } = part;
  const initial = net.layers.slice(from, to).map(layer => initLayer(layer, seed));
  const { size } = treeLayout(initial as never);
  const placeholder = { of: hostZeros([1]) };
  const owned = size > 0 ? initial : placeholder;
  const state = {
    params: initial,
    optimizer: optimizer.kind === 'adam' ? adamInit(owned as never) : sgdInit(owned as never),
    gradient: hostZeros([Math.max(1, size)]),
  };
  const name = `stage of layers ${from} to ${to - 1}`;
  const apply = await compile(
    ({
      params,
      optimizer: before,
      gradient,
      scale,
      learningRate,
    }: {
      params: readonly Tree<Tensor>[];
      optimizer: Adam<Tensor> | Sgd<Tensor>;
      gradient: Tensor;
      scale: Tensor;
      learningRate: Tensor;
    }) => {
      const { kind, ...settings } = optimizer;
      const options = { ...settings, learningRate };
      const scaled = tf.mul(gradient, scale);
      return kind === 'adam'
        ? adam(params as never, scaled, before as Adam<Tensor>, options)
        : sgd(params as never, scaled, before as Sgd<Tensor>, options);
    },
    { name: `${name}: update`, state: state as never },
  );
  const micro = await compileInTwo(microStep(part, size), {
    name: `${name}: micro-batch`,
    state: apply.state as never,
    late: ['slope'],
    early: ['y', 'carried', 'sums'],
  } as never);
  const programs = { apply, micro } as unknown as {
    apply: {
      (inputs: { scale: number; learningRate: number }): Promise<object>;
      readonly state: StageState;
      dispose(): void;
    };
    micro: TwoPhase<
      object,
      MicroInputs,
      { readonly slope: HostTensor },
      MicroOutputs,
      { readonly dx?: HostTensor }
    >;
  };
  return {
    parameters: size,
    state: programs.apply.state,
    executor: () => programs.micro.executor,
    /** Runs a micro-batch forward and holds what its backward pass wants. Its input is held as it is, not as a copy. */
    async forward(inputs: MicroInputs): Promise<Held> {
      const { outputs, kept } = await programs.micro.first(inputs);
      const beside = Math.max(0, kept.inputBytes - inputs.x.data.byteLength);
      return { outputs, kept, bytes: kept.bytes + beside };
    },
    /** Adds a micro-batch's gradient to the mini-batch's. @returns the gradient for the stage before */
    backward: async ({ kept }: Held, slope: HostTensor): Promise<HostTensor | undefined> =>
      (await programs.micro.second(kept, { slope })).dx,
    async apply(scale: number, learningRate: number): Promise<void> {
      if (size > 0) await programs.apply({ scale, learningRate });
    },
    dispose(): void {
      programs.micro.dispose();
      programs.apply.dispose();
    },
  };
}

/** The state of a stage's programs, flat. */
export interface StageState {
  flat(entry: 'params' | 'optimizer' | 'gradient'): Float32Array;
  setFlat(entry: 'params' | 'optimizer' | 'gradient', values: Float32Array): void;
  settle(): Promise<void>;
}

/** What `compileStage` gives. */
export type StagePrograms = Awaited<ReturnType<typeof compileStage>>;
