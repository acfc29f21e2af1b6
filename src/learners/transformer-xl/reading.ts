import type { Segment } from '../../actors/index.ts';
import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { compile, type HostTensor, type Tensor } from '../../tensors/index.ts';
import {
  emptyMemory,
  guessSums,
  type LanguageModel,
  type LanguageModelConfig,
  languageModelInit,
  type Memory,
  nextTokenLogits,
  readSegment,
} from '../language-model/index.ts';
import type { MemoryControl } from './config.ts';
import type { Sums } from './judging.ts';

/** How segments are read for judging. */
export interface ReadingForm {
  readonly lanes: number;
  /** L */
  readonly length: number;
  /** M */
  readonly memory: number;
  readonly sameLength?: boolean;
  /** Each lane is given the memory of the next one: a control. */
  readonly shuffled?: boolean;
}

/**
 * Compiles how a model reads segments one after another, its memory carried on, and says how its guesses do.
 * @param vocabulary how many different tokens there are
 */
export async function compileReading(
  model: LanguageModelConfig,
  vocabulary: number,
  { lanes, length, memory: places, sameLength = false, shuffled = false }: ReadingForm,
) {
  interface Args {
    readonly params: LanguageModel<Tensor>;
    readonly memory: Memory<Tensor>;
    readonly ids: Tensor;
    readonly next: Tensor;
    readonly reset: Tensor;
  }
  const form: LanguageModel<HostTensor> = languageModelInit(Random.fromSeed(0), model, vocabulary);
  const program = await compile(
    ({ params, memory, ids, next, reset }: Args) => {
      const read = readSegment(params, ids, memory, model, { reset, sameLength, shuffled });
      return { memory: read.memory, ...guessSums(nextTokenLogits(params, read.hidden), next) };
    },
    { name: 'stream evaluation', state: { params: form, memory: emptyMemory(model, lanes, places) } },
  );
  return {
    /** Takes other parameters, all end to end, and forgets. */
    begin(params: Float32Array): void {
      program.state.setFlat('params', params);
      program.state.setFlat('memory', new Float32Array(program.state.flat('memory').length));
    },
    async read({ ids, next, reset }: Pick<Segment, 'ids' | 'next' | 'reset'>): Promise<Sums> {
      const { nats, right, counted } = await program({
        ids: { shape: [lanes, length], data: ids },
        next: { shape: [lanes, length], data: next },
        reset: { shape: [lanes], data: Float32Array.from(reset) },
      });
      return { nats: nats.data[0] ?? 0, right: right.data[0] ?? 0, counted: counted.data[0] ?? 0 };
    },
    dispose: () => program.dispose(),
  };
}

/** `compileReading`'s result. */
export type CompiledReading = Awaited<ReturnType<typeof compileReading>>;

/**
 * A text cut into lanes of equal length, and those into segments: what a stream evaluation reads. Each token but the first of the
 * text is guessed once, save those that lanes of equal length leave over at the end; places behind the end of a lane count nothing.
 * @param ids of the whole text
 * @param limit how many tokens are guessed at most
 */
export function* textSegments(
  ids: Int32Array,
  {
    lanes,
    length,
    limit = Number.POSITIVE_INFINITY,
  }: { readonly lanes: number; readonly length: number; readonly limit?: number },
): Generator<Segment> {
  const each = Math.floor(Math.min(ids.length - 1, limit) / lanes);
  for (let tau = 0; tau * length < each; tau++) {
    const own = new Int32Array(lanes * length);
    const next = new Int32Array(lanes * length).fill(-1);
    for (let lane = 0; lane < lanes; lane++) {
      for (let i = 0; i < length && tau * length + i < each; i++) {
        const at = lane * each + tau * length + i;
        own[lane * length + i] = ids[at] ?? 0;
        next[lane * length + i] = ids[at + 1] ?? -1;
      }
    }
    yield { lane0: 0, tau, ids: own, next, reset: new Uint8Array(lanes).fill(tau === 0 ? 1 : 0) };
  }
}

/** @throws where there is no other lane's memory to be given */
export function checkControl(control: MemoryControl, lanes: number, memory: number): void {
  if (control !== 'shuffled' || (lanes > 1 && memory > 0)) return;
  throw usageError(
    `control = shuffled: expected 2 or more lanes with a memory, got ${lanes} with ${memory} places`,
  );
}
