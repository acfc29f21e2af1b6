import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { usageError } from '../../core/errors.ts';
import { type Chunk, columnsOf, type Job, runChunk } from './jobs.ts';
import { chunkSize, type Sums, type Tally, tallies } from './tally.ts';

/** How simulations are run. Their numbers depend on the seed alone. */
export interface SimulationOptions {
  readonly seed: number;
  /** Threads; default: one for each core. With 1 all runs on the caller's own, which turns its loop between chunks. */
  readonly workers?: number | undefined;
  /** Ends it early: the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each chunk how many experiments are done, over all jobs. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What a job came to. */
export interface SimulationResult {
  readonly name: string;
  readonly experiments: number;
  /** By what was measured, e.g. the analysis. */
  readonly tallies: Readonly<Record<string, Tally>>;
}

/**
 * Runs simulations over all cores.
 * @returns one result for each job, in their order; the same to the bit for any number of workers
 * @throws a usage error for a job that makes no sense, before anything is run
 */
export async function simulate(
  jobs: readonly Job[],
  options: SimulationOptions,
): Promise<SimulationResult[]> {
  const { seed, workers = availableParallelism(), signal, onProgress } = options;
  if (!(Number.isSafeInteger(workers) && workers >= 1))
    throw usageError(`workers = ${workers}: expected a number, 1 or more`);
  if (!Number.isSafeInteger(seed)) throw usageError(`seed = ${seed}: expected a whole number`);
  const names = jobs.map(job => job.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  // Streams go by name: two jobs of one name would see the same chance.
  if (twice !== undefined) throw usageError(`simulation ${twice}: expected each name once`);
  const columns = jobs.map(columnsOf);
  signal?.throwIfAborted();

  const chunks = jobs.flatMap(job => chunksOf(job, seed));
  const total = jobs.reduce((sum, job) => sum + job.experiments, 0);
  let done = 0;
  const finished = ({ from, to }: Chunk): void => {
    done += to - from;
    onProgress?.(done, total);
  };
  const sums =
    workers === 1 || chunks.length < 2
      ? await runHere(chunks, signal, finished)
      : await runInPool(chunks, workers, signal, finished);

  let at = 0;
  return jobs.map(({ name, experiments }, j) => {
    const count = Math.ceil(experiments / chunkSize);
    const sum = added(sums.slice(at, at + count));
    at += count;
    return { name, experiments, tallies: tallies(columns[j], sum, experiments) };
  });
}

function chunksOf(job: Job, seed: number): Chunk[] {
  const { experiments } = job;
  if (!(Number.isSafeInteger(experiments) && experiments >= 1))
    throw usageError(`simulation ${job.name}: experiments = ${experiments}: expected 1 or more`);
  return Array.from({ length: Math.ceil(experiments / chunkSize) }, (_, i) => ({
    job,
    seed,
    from: i * chunkSize,
    to: Math.min((i + 1) * chunkSize, experiments),
  }));
}

async function runHere(
  chunks: readonly Chunk[],
  signal: AbortSignal | undefined,
  finished: (chunk: Chunk) => void,
): Promise<Sums[]> {
  const sums: Sums[] = [];
  for (const chunk of chunks) {
    sums.push(runChunk(chunk));
    finished(chunk);
    await setImmediate();
    signal?.throwIfAborted();
  }
  return sums;
}

async function runInPool(
  chunks: readonly Chunk[],
  workers: number,
  signal: AbortSignal | undefined,
  finished: (chunk: Chunk) => void,
): Promise<Sums[]> {
  const { Piscina } = await import('piscina');
  const own = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const entry = new URL(`./jobs.${own}`, import.meta.url).href;
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./pool-worker.js', import.meta.url)),
    minThreads: Math.min(workers, chunks.length),
    maxThreads: Math.min(workers, chunks.length),
    // Flags of the process are of no use there, and some would be refused.
    execArgv: [],
  });
  try {
    const sums = chunks.map(async chunk => {
      const sum: Sums = await pool.run({ entry, ...chunk });
      if (!signal?.aborted) finished(chunk);
      return sum;
    });
    return await unlessAborted(Promise.all(sums), signal);
  } finally {
    await pool.destroy();
  }
}

/** One listener for all chunks: thousands on one signal would be warned of. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => {}); // the pool, destroyed, refuses what was left
  }
}

function added(all: readonly Sums[]): Sums {
  const sum = new Float64Array(all[0].length);
  for (const sums of all) for (let c = 0; c < sum.length; c++) sum[c] += sums[c];
  return sum;
}
