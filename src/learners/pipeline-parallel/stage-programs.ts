import {
  compile,
  compileInTwo,
  type HostTensor,
  type Kept,
  type Tensor,
  type Tree,
  type TwoPhase,
  tf,
  valueAndGradTree,
} from '../../tensors/index.ts';
import type { OptimizerSettings } from './config.ts';
import type { SequentialNet } from './contract.ts';
import { LeafGroups } from './leaf-groups.ts';
import { type Asides, initLayer, type RunLayers, runLayers } from './net.ts';

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
  readonly x: Tensor;
  readonly noise: Trees;
  readonly carried: Trees;
  readonly targets?: Tensor;
  readonly slope: Tensor;
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
function microStep(part: StagePart, groups: LeafGroups) {
  const forward = forwardPass(part);
  return ({ x, noise, carried, targets, slope, ...entries }: StepArgs) => {
    const params = groups.params(entries);
    // Something has to be there to differentiate with respect to.
    const of: Differentiated = part.from > 0 || groups.size === 0 ? { params, x } : { params };
    const { outputs, gradient } = valueAndGradTree((at: Differentiated) => {
      const outputs = forward(at.params, at.x ?? x, { noise, carried }, targets);
      return { loss: tf.sum(tf.mul(outputs.y, slope)), outputs };
    }, of as never) as unknown as { readonly outputs: RunLayers; readonly gradient: Differentiated };
    return {
      ...outputs,
      ...groups.added(entries, gradient.params),
      ...(gradient.x && { dx: gradient.x }),
    };
  };
}

interface Differentiated {
  readonly params: readonly Tree<Tensor>[];
  readonly x?: Tensor;
}

/** Compiles what a stage runs. Its parameters, its optimiser's state and the gradient so far are one state. */
export async function compileStage(part: StagePart, optimizer: OptimizerSettings) {
  const { net, from, to, seed } = part;
  const groups = new LeafGroups(
    net.layers.slice(from, to).map(layer => initLayer(layer, seed)),
    optimizer,
  );
  const name = `stage of layers ${from} to ${to - 1}`;
  const apply = await compile(
    ({ scale, learningRate, ...entries }: { readonly scale: Tensor; readonly learningRate: Tensor }) =>
      groups.updated(entries, scale, learningRate),
    { name: `${name}: update`, state: groups.initial as never },
  );
  const micro = await compileInTwo(microStep(part, groups), {
    name: `${name}: micro-batch`,
    state: apply.state as never,
    late: ['slope'],
    early: ['y', 'carried', 'sums'],
  } as never);
  const programs = { apply, micro } as unknown as {
    apply: {
      (inputs: { scale: number; learningRate: number }): Promise<object>;
      readonly state: {
        flat(entry: string, into?: Float32Array): Float32Array;
        setFlat(entry: string, values: Float32Array): void;
        settle(): Promise<void>;
      };
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
  const { state } = programs.apply;
  return {
    /** How many parameters it has. */
    parameters: groups.size,
    /** Floats of its optimiser's state. */
    optimizerSize: groups.optimizerSize,
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
      if (groups.size > 0) await programs.apply({ scale, learningRate });
    },
    /** Brings the state to the host: before any of the following, where it may lie on a device. */
    settle: (): Promise<void> => state.settle(),
    /** New arrays, or those that are given. */
    params: (into?: Float32Array): Float32Array => groups.read(state, 'params', into),
    setParams: (values: Float32Array): void => groups.write(state, 'params', values),
    gradient: (into?: Float32Array): Float32Array => groups.read(state, 'gradient', into),
    setGradient: (values: Float32Array): void => groups.write(state, 'gradient', values),
    optimizer: (into?: Float32Array): Float32Array => groups.readOptimizer(state, into),
    setOptimizer: (values: Float32Array): void => groups.writeOptimizer(state, values),
    dispose(): void {
      programs.micro.dispose();
      programs.apply.dispose();
    },
  };
}

/** What `compileStage` gives. */
export type StagePrograms = Awaited<ReturnType<typeof compileStage>>;
