import type { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { parseOrThrow, usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { compile, type HostTensor, initTensors, type Tensor, tf } from '../../tensors/index.ts';
import {
  guessSums,
  type LanguageModel,
  type LanguageModelConfig,
  languageModelInit,
  nextTokenLogits,
  readTokens,
} from '../language-model/index.ts';
import { type SlidingReading, slidingReading } from './config.ts';
import { heldOutConfig, heldOutTokens } from './held-out.ts';
import { oneByOne, readAll, type Sums } from './judging.ts';
import type { EvalReport } from './messages.ts';

/**
 * Judges on held-out text as a vanilla transformer is judged at its best: a window of A tokens is moved on by one token at a time and
 * read anew, and only the guess at its last place counts, so that every token is guessed from the A tokens before it (those at the
 * text's beginning from all there are: from the first window).
 *
 * What is compared with `streamEvaluator`, at equal attention length: the same net and arithmetic, on the same executor. So that small
 * products do not make it slower than it has to be, `windows` neighbouring windows go through the net at once, as lanes do there, and
 * logits are computed for the places that count only; the blocks read every window whole. `wallMs` counts the pass over the text, with
 * programs that are compiled and were run once before.
 */
export const slidingEvaluator = defineActor(import.meta.url, {
  name: 'sliding-evaluator',
  config: heldOutConfig,
  inputs: {},
  outputs: { reports: port<EvalReport>() },
  async start({ config, outputs, clock, heartbeat }) {
    await initTensors(config.executor);
    const { ids, vocabulary } = heldOutTokens(config);
    const programs = new Map<string, Promise<Program>>();

    function programFor(everyPlace: boolean, attention: number, windows: number) {
      const key = `${everyPlace} ${attention} ${windows}`;
      const known = programs.get(key) ?? compileWindows(config.model, vocabulary, everyPlace);
      programs.set(key, known);
      return known;
    }

    async function evaluate(params: Float32Array, reading: SlidingReading): Promise<EvalReport> {
      const { attention, windows } = reading;
      const tokens = Math.min(ids.length - 1, reading.tokens ?? Number.POSITIVE_INFINITY);
      if (tokens < attention + windows) {
        throw usageError(
          `tokens: expected at least ${attention + windows}, for ${windows} windows of ${attention} at once, got ${tokens}`,
        );
      }
      const first = await programFor(true, attention, 1);
      const others = await programFor(false, attention, windows);
      const passes: Pass[] = [
        {
          program: first,
          ids: { shape: [1, attention], data: windowsAt(ids, [0], attention) },
          next: { shape: [1, attention], data: windowsAt(ids, [1], attention) },
        },
      ];
      // Windows begin at 1, 2, …; the last group reaches back to some that counted already.
      const count = tokens - attention;
      for (let done = 0; done < count; done += windows) {
        const from = 1 + Math.min(done, count - windows);
        const starts = Array.from({ length: windows }, (_, i) => from + i);
        const next = Int32Array.from(starts, start => (start <= done ? -1 : (ids[start + attention] ?? -1)));
        passes.push({
          program: others,
          ids: { shape: [windows, attention], data: windowsAt(ids, starts, attention) },
          next: { shape: [windows], data: next },
        });
      }
      first.state.setFlat('params', params);
      others.state.setFlat('params', params);
      for (const pass of passes.slice(0, 2)) await guess(pass);
      return readAll(passes, guess, { attnLen: attention, memLen: 0 }, { clock, heartbeat });
    }
    const judge = oneByOne(outputs.reports, evaluate);

    return {
      /** How a model does. @param params all end to end */
      async evaluate(params: Float32Array, reading: z.input<typeof slidingReading>): Promise<EvalReport> {
        return judge(params, parseOrThrow(slidingReading, reading, 'reading'));
      },
      async stop(): Promise<void> {
        for (const program of programs.values()) (await program).dispose();
      },
    };
  },
});

type Program = Awaited<ReturnType<typeof compileWindows>>;

/** Windows that go through the net at once, and the program that reads them. */
interface Pass {
  readonly program: Program;
  readonly ids: HostTensor;
  readonly next: HostTensor;
}

async function guess({ program, ids, next }: Pass): Promise<Sums> {
  const { nats, right, counted } = await program({ ids, next });
  return { nats: nats.data[0] ?? 0, right: right.data[0] ?? 0, counted: counted.data[0] ?? 0 };
}

/** @param everyPlace whether all places of a window are guessed, else its last one */
const compileWindows = (model: LanguageModelConfig, vocabulary: number, everyPlace: boolean) =>
  compile(
    ({ params, ids, next }: { params: LanguageModel<Tensor>; ids: Tensor; next: Tensor }) => {
      const { hidden } = readTokens(params, ids, model);
      const [windows, attention, width] = hidden.shape as [number, number, number];
      const counts = everyPlace
        ? hidden
        : tf.reshape(tf.slice(hidden, [0, attention - 1, 0], [windows, 1, width]), [windows, width]);
      return { ...guessSums(nextTokenLogits(params, counts), next) };
    },
    {
      name: 'sliding evaluation',
      state: { params: languageModelInit(Random.fromSeed(0), model, vocabulary) },
    },
  );

/** Windows of a text, one after another. @returns [starts, attention] */
function windowsAt(ids: Int32Array, starts: readonly number[], attention: number): Int32Array {
  const out = new Int32Array(starts.length * attention);
  for (const [i, start] of starts.entries()) out.set(ids.subarray(start, start + attention), i * attention);
  return out;
}
