import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { boundsOf, flatSize } from '../../env/spaces.ts';
import { GraphBuilder } from '../../tensors/graph/builder.ts';
import { binary } from '../../tensors/graph/elementwise.ts';
import { inline } from '../../tensors/graph/inline.ts';
import { describeSpec, type Graph, sameShape, type Value } from '../../tensors/graph/values.ts';
import type { HostTensor, Tensor, Tree } from '../../tensors/index.ts';
import { treeLayout } from '../../tensors/layout.ts';
import { traceStep } from '../../tensors/trace/trace.ts';
import { loadPolicy, type PolicyFunctions, type PolicyNoise, type PolicyRef } from '../policy.ts';

/** A policy to take elsewhere: what it is, and its parameters end to end. */
export interface ExportedPolicy {
  readonly policy: PolicyRef;
  readonly parameters: Float32Array;
}

/** How a policy is taken elsewhere. */
export interface ExportOptions {
  /** Actions are drawn, from noise as a second input. Default: the policy's best ones. */
  readonly sample?: boolean;
}

/** A policy with its parameters, as graphs of any number of rows. */
export interface PolicyGraphs {
  readonly noise: PolicyNoise | undefined;
  readonly parameters: {
    readonly path: string;
    readonly shape: readonly number[];
    readonly data: Float32Array;
  }[];
  /**
   * From `observations` [rows × O], raw, and `noise` [rows × N] where actions are drawn, to `actions` [rows × A] as the
   * environment takes them: real numbers within the bounds of their space, choices as int32.
   */
  graph(rows: number): Graph;
}

type Params = Tree<Tensor>;
interface Seen {
  readonly params: Params;
  readonly observations: Tensor;
  readonly noise: Tensor;
}

/** Loads a policy, to be traced. @throws a usage error where the parameters are not of this policy */
export async function policyGraphs(
  { policy: ref, parameters }: ExportedPolicy,
  { sample = false }: ExportOptions = {},
): Promise<PolicyGraphs> {
  const policy = await loadPolicy(ref);
  const layout = treeLayout(policy.init(Random.fromSeed(0)) as Tree<HostTensor>);
  if (parameters.length !== layout.size) {
    throw usageError(`policy ${ref.name}: expected ${layout.size} parameters, got ${parameters.length}`);
  }
  const named = layout.leaves.map(({ path, shape, offset, size }) => ({
    path,
    shape,
    data: parameters.slice(offset, offset + size),
  }));
  const state = {
    form: { params: layout.form },
    specs: named.map(({ path, shape }) => ({ path, shape, dtype: 'float32' })),
  };
  const observationSize = flatSize(ref.spaces.observation);
  const noise = sample ? policy.noise : undefined;
  return {
    noise,
    parameters: named,
    graph(rows) {
      const observations = { path: 'observations', shape: [rows, observationSize], dtype: 'float32' };
      const inputs = {
        form: { observations: 0, ...(noise && { noise: 0 }) },
        specs: [
          observations,
          ...(noise ? [{ path: 'noise', shape: [rows, noise.size], dtype: 'float32' }] : []),
        ],
      };
      const traced = traceStep(`policy ${ref.name}`, stepOf(policy, sample), state, inputs);
      const g = new GraphBuilder();
      const values = new Map<Value, Value>();
      traced.inputs.forEach((value, i) => {
        values.set(value, g.input(inputs.specs[i].path, value));
      });
      traced.state.forEach((value, i) => {
        values.set(value, g.constant(named[i].data, value.shape, 'float32'));
      });
      const { o0: actions } = inline({ ...traced.graph, outputs: actionsOnly(traced.graph) }, g, values);
      return g.graph({ actions: bounded(g, checked(ref, actions, rows), ref) });
    },
  };
}

const stepOf =
  (policy: PolicyFunctions<Params>, sample: boolean) =>
  (args: Record<string, Params>): { actions: Tensor } => {
    const seen = args as unknown as Seen;
    return { actions: sample ? policy.act(seen) : policy.decide(seen) };
  };

/** A step that returns one thing has one output; its state has not moved. */
const actionsOnly = ({ outputs }: Graph): Graph['outputs'] => outputs.filter(({ name }) => name === 'o0');

function checked({ name, spaces: { action } }: PolicyRef, actions: Value, rows: number): Value {
  const dtype = action.kind === 'box' ? 'float32' : 'int32';
  const width =
    action.kind === 'box' ? flatSize(action) : action.kind === 'discrete' ? 1 : action.sizes.length;
  if (actions.dtype === dtype && sameShape(actions.shape, [rows, width])) return actions;
  throw usageError(
    `policy ${name}: actions: expected ${dtype} [${rows}, ${width}], got ${describeSpec(actions)}`,
  );
}

/** Real numbers brought within the bounds of the space, as rollouts and evaluators do before the environment. */
function bounded(g: GraphBuilder, actions: Value, { spaces: { action } }: PolicyRef): Value {
  if (action.kind !== 'box') return actions;
  const { low, high } = boundsOf(action);
  const constant = (values: Float64Array) =>
    g.constant(Float32Array.from(values), [values.length], 'float32');
  const above = low.some(Number.isFinite) ? binary(g, 'Max', actions, constant(low)) : actions;
  return high.some(Number.isFinite) ? binary(g, 'Min', above, constant(high)) : above;
}
