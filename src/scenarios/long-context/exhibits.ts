import type { BarsExhibit, CasesExhibit, LinesExhibit, Role } from '../../report/exhibits/index.ts';
import { writeExhibit } from '../../report/exhibits.ts';
import { bitsName, type LongContextFigures, type Played, speedUp } from './figures.ts';
import { costRatio, costRatioOfOriginal } from './flops.ts';
import type { Reading } from './language.ts';
import type { Options } from './options.ts';
import { languageArm, type Net, nets, titles } from './plans.ts';
import type { Timed } from './speed.ts';

/** A text that the trained model went on with. */
export interface Sample {
  readonly temperature: number;
  readonly prompt: string;
  readonly text: string;
}

const role: Readonly<Record<Net, Role>> = { xl: 'method', vanilla: 'baseline' };

/** Everything that the report shows of a run beside its curves, as far as its arms were played. */
export function writeExhibits(
  folder: string,
  options: Options,
  played: Played,
  figures: LongContextFigures,
  samples: readonly Sample[],
): void {
  if (Object.values(figures.bits).length > 0) {
    writeExhibit(folder, '1-bits', bitsByReading(figures, options));
    writeExhibit(folder, '2-learning', bitsOverSteps(played, options));
  }
  if (Object.values(figures.recall.xl).length > 0) {
    writeExhibit(folder, '3-recall', recallByDistance(figures, options));
  }
  if (played.speed) {
    writeExhibit(folder, '4-speed', speedCurve(played.speed.timed, options));
    writeExhibit(folder, '5-times', times(played.speed.timed, options));
  }
  if (samples.length > 0) writeExhibit(folder, '6-samples', sampled(samples, options));
}

function bitsByReading({ bits }: LongContextFigures, { memory, segment, tokenizer }: Options): BarsExhibit {
  const bar = (name: string, role: Role, net: Net, reading: Reading) => {
    const value = bits[bitsName(net, reading)];
    return value === undefined ? [] : [{ name, role, value }];
  };
  const third = Math.max(1, Math.round(memory / 3));
  const groups = [
    {
      name: 'Transformer-XL',
      bars: [
        ...bar(`remembers ${memory}, as in training`, 'method', 'xl', 'memory'),
        ...bar(`remembers ${2 * memory}`, 'method', 'xl', 'double'),
        ...bar(`remembers ${third}`, 'method', 'xl', 'third'),
        ...bar('memory shuffled across lanes', 'control', 'xl', 'shuffled'),
        ...bar('memory off', 'control', 'xl', 'off'),
      ],
    },
    {
      name: 'Vanilla, of the same size',
      bars: [
        ...bar(`segments of ${segment}`, 'baseline', 'vanilla', 'segments'),
        ...bar(`a window of ${segment}, moved on by one`, 'baseline', 'vanilla', 'sliding'),
      ],
    },
  ];
  const least = Math.min(...Object.values(bits));
  return {
    kind: 'bars',
    title: 'Bits a character, by how the held-out text is read',
    note: `The same trained nets each time: less is better. Controls take the memory from a net that learnt with one.${
      tokenizer === 'words'
        ? ' Rare words are all one token, which is easier to guess than they are: with other vocabularies these bits cannot be compared.'
        : ''
    }`,
    x: { label: 'bits a character', from: Math.floor(5 * least - 0.25) / 5 },
    groups: groups.filter(({ bars }) => bars.length > 0),
  };
}

function bitsOverSteps({ language }: Played, { tokenizer }: Options): LinesExhibit {
  return {
    kind: 'lines',
    title: 'What they learn',
    note: 'Means over the steps since the point before, on text that is new to the net until it comes round again.',
    x: { label: 'gradient steps' },
    y: { label: `bits a ${tokenizer === 'characters' ? 'character' : 'token'} of training text` },
    panels: [
      {
        title: '',
        series: nets.flatMap(net => {
          const done = language[languageArm(net)];
          const points = done?.reports.map(({ step, bits }) => [step, bits] as const);
          return points ? [{ name: titles[net], role: role[net], points }] : [];
        }),
      },
    ],
  };
}

function recallByDistance({ recall }: LongContextFigures, { segment, memory }: Options): LinesExhibit {
  const points = (net: Net) =>
    Object.entries(recall[net]).map(([distance, accuracy]) => [Number(distance), 100 * accuracy] as const);
  return {
    kind: 'lines',
    title: 'Recall of what is far back',
    note: `A net for each distance. Segments have ${segment} tokens, and the memory ${memory}.`,
    x: { label: 'tokens from a payload to the question for it' },
    y: { label: 'payloads known again, %', from: 0 },
    panels: [
      {
        title: '',
        series: [
          ...nets.map(net => ({ name: titles[net], role: role[net], points: points(net) })),
          { name: 'chance, of 8 payloads', role: 'bound', points: [[segment, 100 / 8]] },
        ],
        marks: [
          { x: segment, label: 'a segment' },
          { x: memory, label: 'the memory' },
        ],
      },
    ],
  };
}

const waysOf = (attention: number, { speed }: Options) => ({ attention, segment: speed.segment });

function speedCurve(timed: readonly Timed[], options: Options): LinesExhibit {
  const { model } = options.speed;
  const curve = (of: (each: Timed) => number) => timed.map(each => [each.attention, of(each)] as const);
  return {
    kind: 'lines',
    title: 'How many times faster a memory is than a sliding window',
    note: 'Against a window that is moved on by one token and read anew: equal attention length, the same untrained net, the same executor. Counted are the products of the blocks; large products go at another rate than small ones.',
    x: { label: 'attention length', log: true },
    y: { label: 'times faster', log: true },
    panels: [
      {
        title: '',
        series: [
          { name: 'measured', role: 'method', points: curve(speedUp) },
          {
            name: 'counted, of the programs here',
            role: 'baseline',
            points: curve(({ attention }) => costRatio(model, waysOf(attention, options))),
          },
          {
            name: "counted, of the original's code",
            role: 'bound',
            points: curve(({ attention }) => costRatioOfOriginal(model, waysOf(attention, options))),
          },
        ],
      },
    ],
  };
}

const rounded = (value: number, digits = 3): number => Number(value.toPrecision(digits));

function times(timed: readonly Timed[], options: Options): CasesExhibit {
  return {
    kind: 'cases',
    title: 'The same in milliseconds a token',
    columns: ['attention length', 'memory, ms', 'sliding window, ms', 'times faster', 'counted'],
    rows: timed.map(each => [
      each.attention,
      rounded(each.streaming),
      rounded(each.sliding),
      rounded(speedUp(each)),
      rounded(costRatio(options.speed.model, waysOf(each.attention, options))),
    ]),
  };
}

function sampled(samples: readonly Sample[], { memory, segment }: Options): CasesExhibit {
  const shown = (text: string) => text.replaceAll(/\s+/g, ' ');
  return {
    kind: 'cases',
    title: 'What Transformer-XL goes on with',
    note: `Token by token, each from at most ${memory + segment} before it. More of it: npx troupe generate <run> --prompt "…"`,
    columns: ['temperature', 'prompt', 'goes on'],
    rows: samples.map(({ temperature, prompt, text }) => [temperature, shown(prompt), shown(text)]),
  };
}
