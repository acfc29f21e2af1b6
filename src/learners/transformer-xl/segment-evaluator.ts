import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor, port, type Segment } from '../../actors/index.ts';
import type { Need } from '../../data/contract.ts';
import { initTensors } from '../../tensors/index.ts';
import { languageModelConfig } from '../language-model/index.ts';
import type { MemoryControl } from './config.ts';
import { oneByOne, readAll } from './judging.ts';
import type { EvalReport } from './messages.ts';
import { type CompiledReading, checkControl, compileReading } from './reading.ts';
import { checkSuccessor, type MemoryPlace, segmentQueue } from './segment-queue.ts';

const count = z.number().int().positive();

/** What `segmentEvaluator` is spawned with. */
export const segmentEvaluatorConfig = z.object({
  model: languageModelConfig,
  vocabulary: count,
  lanes: count.describe('B: of each segment.'),
  length: count.describe('L: tokens of each lane in a segment.'),
  memory: z.number().int().min(0).describe('M: places that each block remembers.'),
  executor: executorField,
});

/**
 * Judges on segments of a stream, of a task whose samples are made up as they are wanted (recall, say): with another seed than the
 * learner's stream they are of the same kind and none was seen. `accuracy` is over what is to be guessed.
 */
export const segmentEvaluator = defineActor(import.meta.url, {
  name: 'segment-evaluator',
  config: segmentEvaluatorConfig,
  inputs: { segments: port<Segment>() },
  outputs: { needs: port<Need>(), reports: port<EvalReport>() },
  async start({ config, inputs, outputs, clock, heartbeat }) {
    const { model, vocabulary, lanes, length, memory } = config;
    await initTensors(config.executor);
    const programs = new Map<MemoryControl, Promise<CompiledReading>>();
    const segments = segmentQueue(inputs.segments, outputs.needs);
    let place: MemoryPlace | undefined;

    function programFor(control: MemoryControl): Promise<CompiledReading> {
      const places = control === 'off' ? 0 : memory;
      const form = { lanes, length, memory: places, shuffled: control === 'shuffled' };
      const known = programs.get(control) ?? compileReading(model, vocabulary, form);
      programs.set(control, known);
      return known;
    }

    async function* following(count: number): AsyncGenerator<Segment> {
      for (let left = count; left > 0; left--) {
        const segment = await segments.next(left);
        checkSuccessor(segment, place, config);
        place = { tau: segment.tau, lane0: segment.lane0 };
        yield segment;
      }
    }

    async function evaluate(
      params: Float32Array,
      count: number,
      control: MemoryControl,
    ): Promise<EvalReport> {
      const memLen = control === 'off' ? 0 : memory;
      const program = await programFor(control);
      // As many as the memory holds come first and count nothing: in the middle of a stream, what they ask for may be older.
      let filling = Math.ceil(memory / length);
      program.begin(params);
      const read = async (segment: Segment) => {
        const sums = await program.read(segment);
        return filling-- > 0 ? undefined : sums;
      };
      const reach = { attnLen: memLen + length, memLen };
      return readAll(following(filling + count), read, reach, { clock, heartbeat });
    }
    const judge = oneByOne(outputs.reports, evaluate);

    return {
      /**
       * How a model does on so many segments of the stream, after as many as fill its memory.
       * @param params all end to end
       */
      async evaluate(
        params: Float32Array,
        count: number,
        control: MemoryControl = 'none',
      ): Promise<EvalReport> {
        checkControl(control, lanes, memory);
        return judge(params, count, control);
      },
      async stop(): Promise<void> {
        for (const program of programs.values()) (await program).dispose();
      },
    };
  },
});
