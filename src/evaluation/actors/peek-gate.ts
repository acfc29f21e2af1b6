import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import type { Estimate } from '../contract.ts';
import { CentredScores } from '../statistics/centred-scores.ts';
import type { JoinedTrials } from './messages.ts';

/** What the gate is spawned with. */
export const peekGateConfig = z.object({
  layer: z.string().describe('Whose arms are tested.'),
  arms: z.array(z.object({ name: z.string(), weight: z.number().positive() })).min(2),
  planned: z
    .number()
    .positive()
    .describe('N*: trials of all arms at which the sequences are tightest. Fixed before the start.'),
  level: z.number().default(0.95).describe('Of each arm’s sequence by itself.'),
});

/** An arm's confidence sequence after so many trials of all arms. */
export interface GateLook {
  readonly arm: string;
  /** Trials of the experiment so far. */
  readonly trials: number;
  /** Those of the arm and the baseline, which the sequence is of. */
  readonly compared: number;
  /** Of the difference in success rate. */
  readonly sequence: Estimate;
  readonly p: number | undefined;
}

/**
 * Anyone may look at any time: each arm has a confidence sequence against the baseline on centred inverse-probability
 * scores, which holds at every look however the world drifts. Aborted trials have no outcome and are left out.
 */
export const peekGate = defineActor(import.meta.url, {
  name: 'peek-gate',
  config: peekGateConfig,
  inputs: { joined: port<JoinedTrials>() },
  outputs: { looks: port<readonly GateLook[]>() },
  start({ config, inputs, outputs }) {
    const { planned, level } = config;
    const [baseline, ...arms] = config.arms;
    const all = config.arms.reduce((sum, { weight }) => sum + weight, 0);
    const tests = arms.map(({ name, weight }) => ({
      name,
      options: { planned: (planned * (weight + baseline.weight)) / all, level },
      scores: new CentredScores({ probability: weight / (weight + baseline.weight) }),
    }));
    let trials = 0;
    inputs.joined.subscribe(message => {
      if (message.layer !== config.layer) return;
      for (const { arm, success } of message.trials) {
        trials++;
        if (success === undefined) continue;
        for (const { name, scores } of tests) {
          if (arm === name || arm === baseline.name) scores.push(arm === name, success ? 1 : 0);
        }
      }
      outputs.looks.next(
        tests.map(({ name, options, scores }) => {
          const { estimate, p } = scores.sequence(options);
          return { arm: name, trials, compared: scores.n, sequence: estimate, p };
        }),
      );
    });
  },
});
