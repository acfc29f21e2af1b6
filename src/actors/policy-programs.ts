import { TroupeError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import {
  compile,
  type HostTensor,
  initTensors,
  startExecutor,
  type Tensor,
  type Tree,
} from '../tensors/index.ts';
import { loadPolicy, type PolicyNoise, type PolicyRef } from './policy.ts';

type Params = Tree<Tensor>;

/** A policy made ready to act on this thread. B rows, O the flat observation size, A the action size. */
export interface PolicyPrograms {
  /** Puts other parameters in place: all of them end to end, in layout order. */
  setParameters(parameters: Float32Array): void;
  /** Draws actions [B × A]. Each call's B is that of the first. */
  act(observations: HostTensor, noise: HostTensor): HostTensor;
  /** The actions it thinks best, [B × A]. */
  decide(observations: HostTensor): HostTensor;
  /** Log-probabilities of actions and values of observations, [B] each. @throws where the policy says neither */
  appraise(observations: HostTensor, actions: HostTensor): { logProbs: HostTensor; values: HostTensor };
  /** Values of observations, [B]. @throws where the policy says none */
  value(observations: HostTensor): HostTensor;
  readonly noise: PolicyNoise;
  dispose(): void;
}

/** Loads and compiles a policy. Its parameters are fresh ones until `setParameters`. */
export async function compilePolicy(ref: PolicyRef): Promise<PolicyPrograms> {
  const policy = await loadPolicy(ref);
  const name = (program: string) => `policy ${ref.name}: ${program}`;
  const executor = await actingExecutor();

  type Seen = { params: Params; observations: Tensor };
  const act = await compile((args: Seen & { noise: Tensor }) => ({ actions: policy.act(args) }), {
    state: { params: policy.init(Random.fromSeed(0)) as Tree<HostTensor> },
    name: name('act'),
    executor,
  });
  // All of them read the parameters that one of them owns.
  const { state } = act;
  const decide = await compile((args: Seen) => ({ actions: policy.decide(args) }), {
    state,
    name: name('decide'),
  });
  const appraise =
    policy.appraise &&
    (await compile((args: Seen & { actions: Tensor }) => of(policy.appraise?.(args)), {
      state,
      name: name('appraise'),
    }));
  const value =
    policy.value &&
    (await compile((args: Seen) => ({ values: of(policy.value?.(args)) }), { state, name: name('value') }));

  function of<T>(there: T | undefined): T {
    if (there !== undefined) return there;
    throw new TroupeError(
      `policy ${ref.name}: expected appraise and value, which learning from trajectories takes; it can only act`,
    );
  }

  return {
    noise: policy.noise,
    setParameters(parameters) {
      state.setFlat('params', parameters);
    },
    act: (observations, noise) => act.sync({ observations, noise }).actions,
    decide: observations => decide.sync({ observations }).actions,
    appraise: (observations, actions) => of(appraise).sync({ observations, actions }),
    value: observations => of(value).sync({ observations }).values,
    dispose() {
      for (const program of [value, appraise, decide, act]) program?.dispose();
    },
  };
}

/** What acts in this thread: its own executor, or, where that cannot answer at once, the best one that can. */
async function actingExecutor(): Promise<string> {
  const own = await initTensors();
  if (own.graph === undefined || own.graph.sync) return own.name;
  return startExecutor('onnx-cpu').then(
    ({ name }) => name,
    () => 'eager',
  );
}

/** Fills noise of a kind from an actor's stream. */
export function fillNoise(kind: PolicyNoise['kind'], random: Random, out: Float32Array): void {
  if (kind === 'normal') {
    random.fillNormal(out);
    return;
  }
  // Half a step up keeps the uniform number inside (0, 1), where both logarithms are finite.
  for (let i = 0; i < out.length; i++) out[i] = -Math.log(-Math.log(random.uniform() + 2 ** -33));
}
