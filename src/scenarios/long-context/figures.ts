import type { LanguageDone, Reading } from './language.ts';
import type { Options } from './options.ts';
import { languageArm, type Net, nets, recallArm } from './plans.ts';
import type { Probed } from './probe.ts';
import type { RecallDone } from './recall.ts';
import type { SpeedDone, Timed } from './speed.ts';

type ByName = Readonly<Record<string, number>>;

/** What came of the arms that were played, by name. */
export interface Played {
  readonly language: Readonly<Record<string, LanguageDone | undefined>>;
  readonly recall: Readonly<Record<string, RecallDone | undefined>>;
  readonly speed: SpeedDone | undefined;
}

/** What a run says: only of the arms that were played. Times are not among it, as they are no seed's. */
export interface LongContextFigures {
  /** Bits a character of the held-out text, by net and by how it was read. */
  readonly bits: Readonly<Record<string, number>>;
  /** Share of payloads known again, by net and distance in tokens. */
  readonly recall: Readonly<Record<Net, ByName>>;
  /** Whether reading with a memory was faster by as much, and the more so the longer attention is: 1 or 0. */
  readonly faster: ByName;
  /** The worst of the nets that were looked at. */
  readonly probed: Partial<Probed>;
  /** What bars depend on. */
  readonly trained: {
    readonly steps: number;
    readonly recallSteps: number;
    readonly segment: number;
    readonly memory: number;
    /** 1: the text is Moby-Dick, by characters, else 0. */
    readonly mobyDick: number;
  };
}

/** How many times faster reading with a memory was than a sliding window. */
export const speedUp = ({ streaming, sliding }: Timed): number => sliding / streaming;

/** By how much it has to be faster, at an attention length. */
export const fasterBy = { 64: 10, 128: 20 } as const;

/** A net's bits under the name of how they were read, e.g. `xl-memory`. */
export const bitsName = (net: Net, reading: Reading): string => `${net}-${reading}`;

/** The figures of all arms that were played. */
export function figuresOf(played: Played, options: Options, tokensPerCharacter: number): LongContextFigures {
  const bits: Record<string, number> = {};
  for (const net of nets) {
    for (const [reading, value] of Object.entries(played.language[languageArm(net)]?.bits ?? {})) {
      bits[bitsName(net, reading as Reading)] = value * tokensPerCharacter;
    }
  }
  const recallOf = (net: Net): ByName =>
    Object.fromEntries(
      options.recall.distances.flatMap(distance => {
        const done = played.recall[recallArm(net, distance)];
        return done ? [[distance, done.accuracy] as const] : [];
      }),
    );
  const { recall, language } = played;
  const probes = [...Object.values(language), ...Object.values(recall)].flatMap(done => done?.probed ?? []);
  const of = (name: keyof Probed) => probes.map(each => each[name]);
  return {
    bits,
    recall: { xl: recallOf('xl'), vanilla: recallOf('vanilla') },
    faster: played.speed ? fasterOf(played.speed.timed) : {},
    probed:
      probes.length === 0
        ? {}
        : {
            segmentation: Math.max(...of('segmentation')),
            forgetting: Math.min(...of('forgetting')),
            memoryGradient: Math.max(...of('memoryGradient')),
          },
    trained: {
      steps: options.steps,
      recallSteps: options.recall.steps,
      segment: options.segment,
      memory: options.memory,
      mobyDick: options.text === 'moby-dick' && options.tokenizer === 'characters' ? 1 : 0,
    },
  };
}

function fasterOf(timed: readonly Timed[]): ByName {
  const faster: Record<string, number> = {};
  for (const [attention, times] of Object.entries(fasterBy)) {
    const there = timed.find(each => each.attention === Number(attention));
    if (there) faster[`at${attention}`] = speedUp(there) >= times ? 1 : 0;
  }
  const ratios = [...timed].sort((a, b) => a.attention - b.attention).map(speedUp);
  if (ratios.length > 1) {
    faster['increases'] = ratios.every((ratio, i) => i === 0 || ratio > ratios[i - 1]) ? 1 : 0;
  }
  return faster;
}
