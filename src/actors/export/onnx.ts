import { withAnyRows } from '../../tensors/graph/any-rows.ts';
import { onnxModel } from '../../tensors/onnx/model.ts';
import { policyFacts } from './describe.ts';
import { type ExportedPolicy, type ExportOptions, policyGraphs } from './policy-graph.ts';

/** A policy as an ONNX file. */
export interface OnnxPolicy {
  readonly bytes: Uint8Array;
  /** What stands in the file's `metadata_props`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Why the file takes one observation at a time; `undefined` where it takes any number of them. */
  readonly oneRow: string | undefined;
}

/** Numbers of rows that a policy is traced with: primes, larger than any of its layers is likely to be. */
const PRIMES = [9973, 9967] as const;

/**
 * A policy as one ONNX model, for onnxruntime anywhere: `observations` [batch × O], raw, to `actions` [batch × A] as the
 * environment takes them, with the parameters inside. With `sample`, `noise` [batch × N] comes in too.
 * @param about entries of the file's metadata beside those about spaces, normalisation and actions
 * @throws where the policy uses what cannot be compiled
 */
export async function policyOnnx(
  exported: ExportedPolicy,
  options: ExportOptions = {},
  about: Readonly<Record<string, string>> = {},
): Promise<OnnxPolicy> {
  const graphs = await policyGraphs(exported, options);
  const graph = withAnyRows([graphs.graph(PRIMES[0]), graphs.graph(PRIMES[1])], PRIMES);
  const oneRow = 'reason' in graph ? graph.reason : undefined;
  const metadata = { ...policyFacts(exported, graphs, about), batch: oneRow === undefined ? 'any' : '1' };
  const bytes =
    'reason' in graph ? onnxModel(graphs.graph(1), metadata) : onnxModel(graph, metadata, 'batch');
  return { bytes, metadata, oneRow };
}
