import { asError } from '../core/errors.ts';
import type { StudyCase } from './cases/index.ts';
import { type TransformerXlSizes, transformerXlCase } from './cases/transformer-xl.ts';
import { type BenchOptions, type BenchResult, type Comparison, chosen, type PeerResult } from './contract.ts';
import { Rival, rivalKinds } from './rivals/rival.ts';
import { measure } from './tensors.ts';

const small = { layers: 3, width: 64, heads: 4, lanes: 32, length: 16, memory: 48, vocabulary: 41 };
const large = { layers: 4, width: 128, heads: 4, lanes: 16, length: 64, memory: 64, vocabulary: 256 };

const sized = (sizes: TransformerXlSizes): StudyCase & { readonly tokens: number } => ({
  ...transformerXlCase(sizes),
  tokens: sizes.lanes * sizes.length,
  // There is no stock version of it.
  bars: { stock: 1, torch: 1 },
});

/** The cases: the character model of the scenario, and one of which products are most of the work. */
export const languageModelCases = [sized(small), sized(large)] as const;

/**
 * Training steps of Transformer-XL, in tokens a second: ours, then the same model in PyTorch, eager, in a process of its own with one
 * thread, fed the same numbers, blocks in turns. `torch.compile` is left out: it takes minutes before the first step.
 */
export const bench = async ({ only, progress = () => {} }: BenchOptions = {}): Promise<Comparison> => {
  const results: BenchResult[] = [];
  const peers: PeerResult[] = [];
  const skipped: string[] = [];
  const executors = new Set<string>();
  const rivals: Rival[] = [];
  try {
    for (const kind of rivalKinds().filter(({ name }) => name === 'PyTorch')) {
      const variants = kind.variants.filter(({ name }) => name !== 'torch.compile');
      const rival = await Rival.start({ ...kind, variants });
      if (rival instanceof Rival) rivals.push(rival);
      else skipped.push(rival.skipped);
    }
    for (const one of chosen(languageModelCases, only)) {
      progress(one.name);
      const measured = await measure(one, rivals).catch(asError);
      if (measured instanceof Error) {
        skipped.push(`${one.name}: ours: ${measured.message.replace(`${one.name}: `, '')}`);
        continue;
      }
      executors.add(measured.executor);
      results.push(perSecond(measured.ours, one.tokens));
      peers.push(...measured.peers.map(peer => perSecond(peer, one.tokens)));
      skipped.push(...measured.skipped);
    }
  } finally {
    for (const rival of rivals) rival.stop();
  }
  const notes = [
    `ours: ${[...executors].join(', ')}`,
    ...rivals.map(({ name, version }) => `${name}: ${version}`),
    'segments go in from the host and the loss comes back in every step of everyone; the memory stays where the model is',
  ];
  return { results, peers, skipped, notes };
};

/** Milliseconds a step as tokens a second. */
const perSecond = <T extends BenchResult>(result: T, tokens: number): T => ({
  ...result,
  unit: 'tokens/s',
  median: (1000 * tokens) / result.median,
  p10: (1000 * tokens) / result.p90,
  p90: (1000 * tokens) / result.p10,
});
