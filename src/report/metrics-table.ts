/** What every figure in `metrics.jsonl` means; the page of a run and docs/runs.md show the same sentences. */
export const metricTable: Readonly<Record<string, string>> = {
  episodes: 'Training episodes that have ended so far, over all environment copies.',
  episode_return: 'Mean sum of rewards of the last 100 training episodes, exploration included.',
  episode_length: 'Mean length of the last 100 training episodes, in environment steps.',
  evaluation_return: 'Mean sum of rewards over fresh evaluation episodes, without exploration.',
  evaluation_length: 'Mean length of the evaluation episodes, in environment steps.',
  evaluation_terminated:
    'Share of the evaluation episodes that ended in a terminal state, not by their time limit.',
  policy_loss: 'The clipped surrogate that the policy minimises, mean over the update. Its size says little.',
  value_loss: 'Half the squared error of predicted returns. Should fall, then follow the returns.',
  entropy:
    'Entropy of the action distribution, in nats. Falls as the policy makes up its mind; a collapse ends exploration. SAC holds it at `targetEntropy`, which is below zero.',
  approx_kl:
    'How far an update moved the policy: mean of ratio − 1 − log ratio. Healthy around 0.003 to 0.03.',
  clip_fraction: 'Share of samples whose probability ratio left 1 ± clip. Healthy around 0.05 to 0.3.',
  explained_variance:
    'Share of the variance of returns that the value network predicts: 1 is perfect, below 0 is worse than a constant.',
  critic_loss:
    'Squared error of both critics against their targets, summed over the two (SAC: half of it), mean over gradient steps. Grows with the values; without an end, learning diverges.',
  td_loss:
    'Huber’s loss, or half the square, of the values against their targets, mean over gradient steps. Grows with the values; without an end, learning diverges.',
  td_error:
    'Mean distance of the values from their targets over the rows of the batches. By it a prioritised replay draws.',
  value:
    'What the learner thinks the actions in the replay are worth, mean over the batches. Far above the discounted returns it believes too much.',
  actor_loss:
    'Minus what the critics think of the policy’s own actions (SAC: plus the price of their log probability). Falls as values rise; its size says little.',
  entropy_coefficient:
    'What SAC pays for a nat of entropy (α), in reward. Where it is learnt, it falls while actions are more random than `targetEntropy`, and rises while they are less.',
  critic_gradient_norm:
    'Length of the gradient over all parameters of both critics, mean over gradient steps.',
  actor_gradient_norm:
    'Length of the gradient over all parameters of the policy, mean over its gradient steps.',
  observation_loss:
    'PlaNet: minus the log-likelihood of what is seen, summed over its numbers or pixels, mean over the rows of chunks. A perfect prediction has 0.919 a number.',
  reward_loss:
    'PlaNet: minus the log-likelihood of rewards, mean over the rows of chunks. A perfect prediction has 0.919.',
  kl: 'PlaNet: nats from the prior to the posterior, which is what an observation tells the latent state beyond what was foreseen. On the free nats nothing gets through.',
  free: 'PlaNet: share of rows whose KL is within the free nats, where it costs nothing.',
  overshooting_loss:
    'PlaNet: how far predictions over several steps are from what is known when the time comes, in nats above the free ones.',
  gradient_norm: 'Length of the gradient over all parameters, before clipping, mean over the update.',
  learning_rate: 'Step size of the optimiser in the update.',
  action_std: 'Mean standard deviation of continuous actions.',
  epochs: 'Passes over the batch that the update made; fewer than set where `targetKl` stopped it.',
  reward_scale: 'What rewards are multiplied with: one over the running deviation of the discounted return.',
  policy_lag: 'Updates between the policy that collected and the one that learns: 0 in synchronous mode.',
  stored: 'Transitions that the replay holds.',
  updates: 'Gradient steps so far.',
  steps_per_second: 'Environment steps a second, learning included.',
  updates_per_second: 'Gradient steps a second, collecting included.',
  waiting_seconds: 'Seconds the learner waited for experience since its last row of figures.',
  learning_seconds: 'Seconds the learner learned since its last row of figures.',
  restarts: 'Actors that crashed and were restarted so far.',
  memory_mb: 'Resident memory of the whole process, all its threads included, in MiB.',
};

const linkName = /^(.+)_to_(.+)_(queued|dropped|waits|waited_ms)$/;
/** Whether a figure is one of those that are logged of every link. */
export const isLink = (name: string): boolean => linkName.test(name);

/** The sentence for a figure; evaluation figures of the environment's own are explained by their environment. */
export function explainMetric(name: string): string {
  if (Object.hasOwn(metricTable, name)) return metricTable[name];
  if (name.startsWith('evaluation_')) {
    const figure = name.slice('evaluation_'.length);
    return `The environment's figure \`${figure}\` at the last step, mean over the evaluation episodes.`;
  }
  const link = name.match(linkName);
  if (link) return `Link from ${link[1]} to ${link[2]}: ${linkFigures[link[3] as keyof typeof linkFigures]}`;
  return '';
}

/** What there is to explain about figures of these names: each family of figures once, under the form of its names. */
export function glossaryOf(names: Iterable<string>): Map<string, string> {
  const words = new Map<string, string>();
  for (const name of names) {
    const [form, sentence] = explained(name);
    if (sentence !== '') words.set(form, sentence);
  }
  return words;
}

function explained(name: string): [form: string, sentence: string] {
  if (Object.hasOwn(metricTable, name)) return [name, metricTable[name]];
  if (name.startsWith('evaluation_')) return ['evaluation_<name>', ownFigure];
  const figure = name.match(linkName)?.[3] as keyof typeof linkFigures | undefined;
  if (figure) return [`<from>_to_<to>_${figure}`, `Of each link: ${linkFigures[figure]}`];
  return [name, ''];
}

const ownFigure =
  "The environment's own figure at the last step of an episode, mean over the evaluation episodes.";

/** What is logged of every link, under `<output>_to_<input>_<figure>`. */
export const linkFigures = {
  queued: 'messages that wait in it.',
  dropped: 'messages that a full link has dropped so far.',
  waits: 'times its producer stood waiting for room so far.',
  waited_ms: 'milliseconds its producer stood waiting so far.',
} as const;
