import type { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { parseOrThrow, usageError } from '../../core/errors.ts';
import { initTensors } from '../../tensors/index.ts';
import { type StreamReading, streamReading } from './config.ts';
import { heldOutConfig, heldOutTokens } from './held-out.ts';
import { oneByOne, readAll } from './judging.ts';
import type { EvalReport } from './messages.ts';
import { type CompiledReading, checkControl, compileReading, textSegments } from './reading.ts';

/**
 * Judges on held-out text as Transformer-XL reads it: segment by segment, each once, with the memory of those before.
 *
 * A token sees between M + 1 and M + L keys, with `sameLength` exactly M, itself among them; lanes begin with an empty memory, and see
 * what is there. `attnLen` is the most that one sees. `wallMs` counts the pass over the text, with programs that are compiled and were
 * run once before.
 */
export const streamEvaluator = defineActor(import.meta.url, {
  name: 'stream-evaluator',
  config: heldOutConfig,
  inputs: {},
  outputs: { reports: port<EvalReport>() },
  async start({ config, outputs, clock, heartbeat }) {
    await initTensors(config.executor);
    const { ids, vocabulary } = heldOutTokens(config);
    const programs = new Map<string, Promise<CompiledReading>>();

    function programFor({ lanes, length, memory, sameLength, clamp, control }: StreamReading) {
      const model = clamp === undefined ? config.model : { ...config.model, clamp };
      const form = {
        lanes,
        length,
        memory: control === 'off' ? 0 : memory,
        sameLength,
        shuffled: control === 'shuffled',
      };
      const key = JSON.stringify([form, clamp]);
      const known = programs.get(key) ?? compileReading(model, vocabulary, form);
      programs.set(key, known);
      return known;
    }

    async function evaluate(params: Float32Array, reading: StreamReading): Promise<EvalReport> {
      const { lanes, length, sameLength, control, tokens } = reading;
      checkReading(reading);
      const memLen = control === 'off' ? 0 : reading.memory;
      const segments = [...textSegments(ids, { lanes, length, limit: tokens ?? Number.POSITIVE_INFINITY })];
      const [opening] = segments;
      if (opening === undefined) {
        throw usageError(`tokens: expected at least one a lane of ${lanes}, got ${tokens ?? ids.length - 1}`);
      }
      const program = await programFor(reading);
      program.begin(params);
      await program.read(opening);
      program.begin(params);
      const reach = { attnLen: sameLength ? memLen : memLen + length, memLen };
      return readAll(segments, program.read, reach, { clock, heartbeat });
    }
    const judge = oneByOne(outputs.reports, evaluate);

    return {
      /** How a model does. @param params all end to end */
      async evaluate(params: Float32Array, reading: z.input<typeof streamReading>): Promise<EvalReport> {
        return judge(params, parseOrThrow(streamReading, reading, 'reading'));
      },
      async stop(): Promise<void> {
        for (const program of programs.values()) (await program).dispose();
      },
    };
  },
});

/** @throws where the parts of a reading do not fit together */
function checkReading({ lanes, memory, sameLength, control }: StreamReading): void {
  if (sameLength && (memory === 0 || control === 'off')) {
    throw usageError('sameLength: expected a memory of 1 or more places, got none');
  }
  checkControl(control, lanes, memory);
}
