/** What `troupe list` says of the learners: a folder of `src/learners` each. */
export const learners = [
  { name: 'ppo', summary: 'Proximal policy optimisation, for discrete and continuous actions.' },
  { name: 'sac', summary: 'Soft actor-critic, from a replay: continuous actions.' },
  { name: 'td3', summary: 'Twin delayed policy gradients, from a replay: continuous actions.' },
  { name: 'dqn', summary: 'Deep Q-learning, from a replay: double, duelling, prioritised, n-step.' },
  { name: 'behavior-cloning', summary: 'A policy from recordings of what another one did.' },
  { name: 'planet', summary: 'PlaNet: a latent model of the world, and an agent that plans in it.' },
  {
    name: 'simgan',
    summary: 'SimGAN: a generator of simulator parameters, and who tells simulated from real.',
  },
  {
    name: 'consistency-training',
    summary: 'UDA: a student and its teacher, few labels and many samples without.',
  },
  {
    name: 'few-label-gan',
    summary: 'S3GAN: generator and discriminator, with rotations and inferred labels.',
  },
  { name: 'label-inference', summary: 'Labels from few: rotation features, a classifier, or clusters.' },
  { name: 'task-grouping', summary: 'TAG: a trunk and its tasks, which probe each other’s steps.' },
  { name: 'deep-bootstrap', summary: 'A real and an ideal world, coupled step by step.' },
  {
    name: 'transformer-xl',
    summary: 'A language model with a memory of the segments before, and its twin without.',
  },
  {
    name: 'instruction-tuning',
    summary: 'FLAN: a language model, pre-trained and then tuned on instructions.',
  },
  { name: 'pipeline-parallel', summary: 'GPipe: stages of one net that learn at once.' },
] as const;
