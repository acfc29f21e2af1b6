import { asError, TroupeError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { flatten } from '../../env/flatten.ts';
import { flatSize, type Space, sample, type ValueOf } from '../../env/spaces.ts';
import type { DeviceTensor, GraphExecutor, Session } from '../../tensors/executors/contract.ts';
import { startOnnxCpu } from '../../tensors/executors/onnx-cpu.ts';
import { compileToModule } from '../../tensors/module/compile.ts';
import { UnknownOperation } from '../../tensors/module/unknown.ts';
import { fillNoise } from '../policy-programs.ts';
import type { OnnxPolicy } from './onnx.ts';
import { type ExportedPolicy, type ExportOptions, policyGraphs } from './policy-graph.ts';

/** What a check of an exported policy found. */
export interface ExportCheck {
  /** Observations that it was asked for. */
  readonly observations: number;
  /** The largest difference between two ways of running it, relative to 1 + the size of the action. */
  readonly difference: number;
  /** The ways that were compared, in words. */
  readonly ways: readonly string[];
}

const ROWS = 16;
const TOLERANCE = 1e-5;

/**
 * Runs an exported policy on random observations: one by one, all at once where it takes that, and as JavaScript where
 * it can be written so.
 * @returns what was compared, or why nothing could be
 * @throws where two ways do not agree to 1e-5
 */
export async function checkExport(
  onnx: OnnxPolicy,
  exported: ExportedPolicy,
  options: ExportOptions = {},
): Promise<ExportCheck | { readonly notChecked: string }> {
  let executor: GraphExecutor;
  try {
    executor = startOnnxCpu();
  } catch (error) {
    return { notChecked: `onnxruntime-node does not run here (${asError(error).message.split('\n')[0]})` };
  }
  const { spaces } = exported.policy;
  const graphs = await policyGraphs(exported, options);
  const random = Random.fromSeed(0);
  const size = flatSize(spaces.observation);
  const observations = new Float32Array(ROWS * size);
  for (let row = 0; row < ROWS; row++) {
    flatten(
      spaces.observation,
      sample(spaces.observation, random) as ValueOf<Space>,
      observations,
      row * size,
    );
  }
  const columns: Record<string, { width: number; values: Float32Array }> = {
    observations: { width: size, values: observations },
  };
  if (graphs.noise) {
    const values = new Float32Array(ROWS * graphs.noise.size);
    fillNoise(graphs.noise.kind, random, values);
    columns['noise'] = { width: graphs.noise.size, values };
  }
  const session = await executor.load(onnx.bytes);
  try {
    const alone = await gather(row => run(executor, session, columns, row, 1));
    const ways = ['one by one'];
    let difference = 0;
    if (onnx.oneRow === undefined) {
      const together = await run(executor, session, columns, 0, ROWS);
      difference = Math.max(difference, furthest(alone, together, 'all at once'));
      ways.push('all at once');
    }
    const code = asCode(() => compileToModule(graphs.graph(1)));
    if (code) {
      const written = await gather(row => code(rowsOf(columns, row, 1))['actions']);
      difference = Math.max(difference, furthest(alone, written, 'as JavaScript'));
      ways.push('as JavaScript');
    }
    return { observations: ROWS, difference, ways };
  } finally {
    await session.release();
  }
}

type Columns = Readonly<Record<string, { readonly width: number; readonly values: Float32Array }>>;

const rowsOf = (columns: Columns, first: number, count: number): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(columns).map(([name, { width, values }]) => [
      name,
      values.slice(first * width, (first + count) * width),
    ]),
  );

async function gather(
  act: (row: number) => ArrayLike<number> | Promise<ArrayLike<number>>,
): Promise<number[]> {
  const actions: number[] = [];
  for (let row = 0; row < ROWS; row++) actions.push(...Array.from(await act(row)));
  return actions;
}

async function run(
  executor: GraphExecutor,
  session: Session,
  columns: Columns,
  first: number,
  count: number,
): Promise<ArrayLike<number>> {
  const feeds: Record<string, DeviceTensor> = {};
  for (const [name, data] of Object.entries(rowsOf(columns, first, count))) {
    feeds[name] = executor.tensor('float32', data, [count, columns[name].width]);
  }
  const { actions } = await session.run(feeds);
  return executor.download(actions);
}

/** The code of a graph, where it can be written. */
function asCode<T>(write: () => T): T | undefined {
  try {
    return write();
  } catch (error) {
    if (error instanceof UnknownOperation) return undefined;
    throw error;
  }
}

function furthest(expected: ArrayLike<number>, got: ArrayLike<number>, way: string): number {
  let most = expected.length === got.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < got.length; i++) {
    const gap = Math.abs(expected[i] - got[i]) / (1 + Math.abs(expected[i]));
    most = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : Math.max(most, gap);
  }
  if (most <= TOLERANCE) return most;
  throw new TroupeError(
    `the exported policy acts otherwise ${way} than one by one: differences to ${most}, expected at most ${TOLERANCE}`,
  );
}
