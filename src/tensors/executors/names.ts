import { usageError } from '../../core/errors.ts';

/** What programs can run on. */
export const executorNames = [
  'onnx-cpu',
  'onnx-webgpu',
  'onnx-cuda',
  'onnx-wasm',
  'eager/tfjs-node-gpu',
  'eager/tfjs-node',
  'eager/wasm',
  'eager/cpu',
] as const;
/** The name of an executor. */
export type ExecutorName = (typeof executorNames)[number];

/** `onnx-cpu` with so many threads for a run, 2 to 99, where it has one. */
export type ThreadedCpu = `onnx-cpu/${number}`;

/** What an executor can be asked for by: also `eager` for the best eager one, and `auto` for the best of all. */
export const executorChoices = [...executorNames, 'eager', 'auto'] as const;
/** The name of an executor, or a choice among several. */
export type ExecutorChoice = (typeof executorChoices)[number] | ThreadedCpu;

/** Whether a text is such a name, written out. */
export const isThreadedCpu = (text: string): text is ThreadedCpu => /^onnx-cpu\/([2-9]|[1-9]\d)$/.test(text);

/** The threads that a run on it has. */
export const threadsOf = (name: ThreadedCpu): number => Number(name.slice('onnx-cpu/'.length));

/**
 * The choices that a text means: a whole name, or the end of one, such as `webgpu` or `cpu/2`. Several where it is
 * ambiguous.
 */
export function executorsCalled(text: string): readonly ExecutorChoice[] {
  const threaded = [text, `onnx-${text}`].find(isThreadedCpu);
  if (threaded) return [threaded];
  const exact = executorChoices.find(name => name === text);
  if (exact) return [exact];
  return executorNames.filter(name => name === `onnx-${text}` || name === `eager/${text}`);
}

/**
 * The one choice that a text means.
 * @param text e.g. `onnx-cpu`, `webgpu`, `auto`
 * @throws a usage error that lists what it may mean
 */
export function executorChoice(text: string): ExecutorChoice {
  const found = executorsCalled(text);
  if (found.length === 1) return found[0];
  const expected = found.length > 1 ? found.join(' or ') : `${executorChoices.join(', ')} or onnx-cpu/2, /3…`;
  throw usageError(`executor = ${text}: expected ${expected}`);
}

/** Whether an executor is one of those that a choice means. */
export const suits = (choice: string, name: string): boolean =>
  choice === 'auto' || choice === name || (choice === 'eager' && name.startsWith('eager/'));
