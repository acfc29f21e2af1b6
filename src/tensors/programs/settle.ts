import { createHash } from 'node:crypto';
import type { HostTensor } from '../contract.ts';
import type { Dialect, Feeds, GraphExecutor } from '../executors/contract.ts';
import { type Choice, fastestExecutor, type Rivals, type Workload } from '../executors/measure.ts';
import { legalize } from '../onnx/dialects.ts';
import { onnxModel } from '../onnx/model.ts';
import { Feeder } from './feeds.ts';
import type { VariantParts } from './variant.ts';

/** What was found out on this thread, by the usual executor and the graph: recompiled programs are not timed again. */
const known = new WeakMap<GraphExecutor, Map<string, Promise<Choice | undefined>>>();

/**
 * Where others may be faster than the executor of a state, times one run of a program on each, on copies of the state,
 * and brings the state to the fastest. Nothing else changes: the run is still to come.
 * @param indices of a scan, and their shape
 */
export async function settleExecutor(
  parts: VariantParts,
  leaves: readonly HostTensor[],
  indices?: HostTensor,
): Promise<void> {
  const { state } = parts;
  const { rivals, executor: usual } = state;
  if (rivals === undefined) return;
  await state.fetch();
  const workload = workloadOf(parts, leaves, indices);
  // What fails on the usual executor is told by the run itself, in its own words.
  const choice = await chosen(usual, workload, rivals).catch(() => undefined);
  // A call at once that came between has settled it.
  if (state.rivals === rivals) await state.settleOn(choice);
}

async function chosen(usual: GraphExecutor, workload: Workload, rivals: Rivals): Promise<Choice | undefined> {
  let choices = known.get(usual);
  if (choices === undefined) {
    choices = new Map();
    known.set(usual, choices);
  }
  const graph = createHash('sha256').update(workload.model(usual.dialect)).digest('hex');
  let choice = choices.get(graph);
  if (choice === undefined) {
    choice = fastestExecutor(usual, workload, rivals);
    choices.set(graph, choice);
    choice.catch(() => choices.delete(graph));
  }
  return choice;
}

function workloadOf(
  { state, traced, wired }: VariantParts,
  leaves: readonly HostTensor[],
  indices: HostTensor | undefined,
): Workload {
  return {
    model: (dialect: Dialect) => onnxModel(legalize(wired.graph, dialect)),
    feeds(executor): Feeds {
      const feeds = Object.fromEntries(wired.reads.map(at => [`S${at}`, state.copyFor(executor, at)]));
      new Feeder(executor.tensor, wired.inputs, traced.inputs).feed(leaves, feeds);
      if (indices) feeds['indices'] = executor.tensor('int32', indices.data, indices.shape);
      return feeds;
    },
    carried: Object.fromEntries(wired.writes.map(at => [`T${at}`, `S${at}`])),
    ...(indices && { steps: indices.shape[0] }),
  };
}
