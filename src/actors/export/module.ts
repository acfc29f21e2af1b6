import { sizeOf } from '../../core/arrays.ts';
import { flatSize } from '../../env/spaces.ts';
import { graphCode } from '../../tensors/module/code.ts';
import { constantsText, indented } from '../../tensors/module/text.ts';
import type { PolicyNoise } from '../policy.ts';
import { flatParts, policyFacts } from './describe.ts';
import { type ExportedPolicy, type ExportOptions, policyGraphs } from './policy-graph.ts';

/** A policy as the source of an ES module. */
export interface ModulePolicy {
  /** JavaScript without imports: for browsers, Node, workers. */
  readonly code: string;
  /** Its types, for the `.d.ts` beside it. */
  readonly types: string;
}

/**
 * A policy as an ES module that needs nothing: the weights are inside, and `act` turns one observation, raw, into an
 * action as the environment takes it.
 * @param about what its `about` holds beside spaces, normalisation and actions
 * @throws where the policy uses what cannot be compiled, or an operation that the module table lacks
 */
export async function policyModule(
  exported: ExportedPolicy,
  options: ExportOptions = {},
  about: Readonly<Record<string, string>> = {},
): Promise<ModulePolicy> {
  const graphs = await policyGraphs(exported, options);
  const graph = graphs.graph(1);
  const code = graphCode(graph);
  const { spaces } = exported.policy;
  const facts = policyFacts(exported, graphs, about);
  const text: Text = {
    spaces: JSON.stringify(spaces),
    about: Object.fromEntries(['actions', ...Object.keys(about)].map(key => [key, facts[key]])),
    layout: flatParts(spaces.observation).map(
      ({ name, offset, size, holds }) =>
        `${size === 1 ? offset : `${offset} to ${offset + size - 1}`}: ${name || 'the observation'}${holds === 'one-hot' ? ', one-hot' : ''}`,
    ),
    size: flatSize(spaces.observation),
    noise: graphs.noise,
  };
  const arrays = [...code.inputs].map(([value, array]) => {
    const name = value.source.kind === 'input' ? value.source.name : '';
    return { array, size: sizeOf(value.shape), argument: name === 'noise' ? 'noise' : 'observation' };
  });
  const actions = code.outputs.get('actions') as string;
  const result = spaces.action.kind === 'discrete' ? `${actions}[0]` : `${actions}.slice()`;
  const source = [
    ...headLines(text),
    `export const spaces = ${text.spaces};`,
    '',
    `export const about = ${JSON.stringify(text.about)};`,
    '',
    ...noiseLines(text.noise),
    constantsText(code),
    ...arrays.map(({ array, size }) => `const ${array} = new Float32Array(${size});`),
    code.setup,
    '',
    `export function act(observation${text.noise ? ', noise = drawNoise()' : ''}) {`,
    checkLine('observation', text.size),
    ...(text.noise ? [checkLine('noise', text.noise.size)] : []),
    ...arrays.map(
      ({ array, size, argument }) => `for (let i = 0; i < ${size}; i++) ${array}[i] = ${argument}[i];`,
    ),
    code.body,
    `return ${result};`,
    '}',
    '',
  ];
  return { code: indented(source.join('\n')), types: typesOf(text, spaces.action.kind) };
}

interface Text {
  readonly spaces: string;
  readonly about: Readonly<Record<string, string>>;
  readonly layout: readonly string[];
  readonly size: number;
  readonly noise: PolicyNoise | undefined;
}

const headLines = ({ layout, size, about }: Text): string[] => [
  '// A policy that Troupe trained, with its weights; it imports nothing.',
  `// act(observation): ${size} numbers, raw (normalisation is inside):`,
  ...layout.map(line => `//   ${line}`),
  `// Actions: ${about['actions']}.`,
];

const checkLine = (name: string, size: number): string =>
  `if (${name}.length !== ${size}) throw new RangeError(\`${name}: \${${name}.length} numbers, expected ${size}\`);`;

/** As `fillNoise` makes it, from any source of uniform numbers. */
function noiseLines(noise: PolicyNoise | undefined): string[] {
  if (!noise) return [];
  const draw =
    noise.kind === 'normal'
      ? 'Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())'
      : '-Math.log(-Math.log(Math.min(random() + 2 ** -33, 1 - 2 ** -53)))';
  return [
    'export function drawNoise(random = Math.random) {',
    `return Float32Array.from({ length: ${noise.size} }, () => ${draw});`,
    '}',
    '',
  ];
}

function typesOf(
  { spaces, about, layout, size, noise }: Text,
  kind: 'box' | 'discrete' | 'multiDiscrete',
): string {
  const action = { box: 'Float32Array', discrete: 'number', multiDiscrete: 'Int32Array' }[kind];
  return [
    '/** What the policy sees and what it may do. */',
    `export declare const spaces: ${spaces};`,
    '/** Where the policy comes from. */',
    `export declare const about: Readonly<Record<${Object.keys(about)
      .map(key => `'${key}'`)
      .join(' | ')}, string>>;`,
    ...(noise
      ? [
          `/** Random numbers for one action: ${noise.size}, ${noise.kind === 'normal' ? 'standard normal' : 'Gumbel'}. @param random uniform in [0, 1) */`,
          'export declare function drawNoise(random?: () => number): Float32Array;',
        ]
      : []),
    '/**',
    ` * The action for one observation: ${about['actions']}.`,
    ` * @param observation ${size} numbers, raw: ${layout.join('; ')}`,
    ' */',
    `export declare function act(observation: ArrayLike<number>${noise ? ', noise?: ArrayLike<number>' : ''}): ${action};`,
    '',
  ].join('\n');
}
