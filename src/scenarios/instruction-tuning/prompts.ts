import { bestOption, type RankReply, wordVocabulary } from '../../learners/instruction-tuning/index.ts';
import type { Exhibit } from '../../report/exhibits.ts';
import type { WorldStudy } from './arms.ts';
import type { Played } from './figures.ts';

/** Some held-out questions as a model reads them, and how it ranks the options before tuning and after. */
export function casesExhibit({ pretrained, tuned }: Played, study: WorldStudy): Exhibit | undefined {
  const after = tuned.instruct;
  if (!after) return undefined;
  const { decode } = wordVocabulary(study.ground.words);
  return {
    kind: 'cases',
    title: 'Held-out questions',
    note: 'The share that a model gives each option, of the four together, the highest first. The right one is marked.',
    columns: ['prompt', 'right', 'untuned', 'tuned'],
    rows: study.shown.map(({ prompt, options, right }, i) => {
      const names = options.map(decode);
      const ranked = (replies: readonly RankReply[]) => ranking(names, right, replies[i]);
      return [
        readable(decode(prompt)),
        names[right.indexOf(true)],
        ranked(pretrained.replies),
        ranked(after.replies),
      ];
    }),
  };
}

function ranking(names: readonly string[], right: readonly boolean[], { logp }: RankReply): string {
  const best = logp[bestOption(logp)];
  const shares = logp.map(each => Math.exp(each - best));
  const sum = shares.reduce((total, share) => total + share, 0);
  return names
    .map((name, i) => ({ share: shares[i] / sum, told: right[i] ? `${name} ✓` : name }))
    .sort((a, b) => b.share - a.share)
    .map(({ share, told }) => `${told} ${share.toFixed(2)}`)
    .join(', ');
}

/** Words with spaces between them, as people write them. */
const readable = (text: string): string => text.replaceAll(/ ([?:,.])/g, '$1').replaceAll(' - ', ' – ');
