import { loadPolicy } from '../../actors/policy.ts';
import { Random } from '../../core/random.ts';
import { simganDiscriminator } from '../../learners/simgan/discriminator-actor.ts';
import { identificationOf } from '../../learners/simgan/identification.ts';
import { withLogStd } from '../../learners/simgan/log-std.ts';
import { refinementOf } from '../../learners/simgan/refinement.ts';
import type { TargetBook } from '../../learners/simgan/target-book.ts';
import { joinedTuples, type Tuples } from '../../learners/simgan/tuples.ts';
import { warmStart } from '../../learners/simgan/warm-start.ts';
import { flattenTree, type HostTensor, type Tree } from '../../tensors/index.ts';
import type { Lane } from '../arms/index.ts';
import { collect, type Ground, seedOf, tellCurve } from './arms.ts';
import type { Adapted, DiscriminatorRow, Identified, PpoTrained, Round } from './results.ts';
import { trainPpo } from './train.ts';

/** Snapshots of the generator that a policy is refined with. */
const snapshots = 5;

/** What was collected from the target, and what that cost. */
export interface Collected {
  readonly real: Tuples;
  readonly book: TargetBook;
}

/** Collects from the target with a policy, through its gate. @param episodes so many, of whole length at most */
export async function playCollection(
  lane: Lane,
  ground: Ground,
  behavior: Float32Array,
  episodes: number,
): Promise<Collected> {
  const { plan, options } = ground;
  const { tuples, book } = await collect(lane, ground, {
    name: 'target',
    environment: plan.robot.in(options.target, { engine: options.engine }),
    ...{ behaviors: [behavior], episodes, budget: episodes * plan.robot.episodeSteps },
  });
  return { real: tuples, book };
}

/**
 * Identifies the target and refines the source policy in what came of that; with a second round, collects again with the
 * refined policy and does so once more from all that there is.
 * @param first what the source policy has collected
 * @param constant whether parameters may not follow from the state
 */
export async function playAdapted(
  lane: Lane,
  ground: Ground,
  behavior: Float32Array,
  first: Collected,
  constant: boolean,
): Promise<Adapted> {
  const { options, plan } = ground;
  const rounds: Round[] = [];
  const behaviors = [behavior];
  let { real, book } = first;
  for (let round = 0; round < options.rounds; round++) {
    if (round > 0) {
      const before = rounds[round - 1].refined.parameters;
      const more = await playCollection(lane, ground, before, options.trajectories / options.rounds);
      behaviors.push(before);
      real = joinedTuples([real, more.real]);
      book = added(book, more.book);
    }
    const from = round * (options.identifyIterations + options.refineIterations) * plan.iteration;
    const identified = await identify(lane, ground, behaviors, real, constant, round, from);
    const refined = await refine(lane, ground, behaviors, identified, constant, round, from);
    rounds.push({ real, identified, refined });
  }
  return { rounds, book };
}

const added = (a: TargetBook, b: TargetBook): TargetBook => ({
  collected: a.collected + b.collected,
  trained: a.trained + b.trained,
  evaluated: a.evaluated + b.evaluated,
});

async function identify(
  lane: Lane,
  ground: Ground,
  behaviors: readonly Float32Array[],
  real: Tuples,
  constant: boolean,
  round: number,
  from: number,
): Promise<Identified> {
  const { options, plan } = ground;
  const { robot } = plan;
  const { engine } = options;
  const generator = constant ? plan.constant : plan.generator;
  const ppo = { ...plan.ppo.identify, blind: constant };
  const shape = { policy: generator, count: ppo.environments, steps: ppo.horizon };
  const behaving = await Promise.all(
    behaviors.map(parameters => withLogStd(plan.policy, parameters, options.behaviorLogStd)),
  );
  const judge = await lane.learner(
    simganDiscriminator,
    {
      ...{ ...shape, observations: robot.observations, actions: robot.actions, real },
      ...{ hidden: options.discriminatorHidden, batch: options.discriminatorBatch },
      ...{ minibatches: options.discriminatorSteps, episodeSteps: robot.episodeSteps },
    },
    { name: `discriminator ${round + 1}` },
  );
  const rows: DiscriminatorRow[] = [];
  let tell = (): void => {};
  judge.outputs.metrics.subscribe(({ step, values }) => {
    rows.push({
      ...{ step, accuracy: values['accuracy'], ofReal: values['of_real'], ofFake: values['of_fake'] },
      ...{ slope: values['slope'], loss: values['loss'], reward: values['reward'] },
      ...{ alive: values['alive_correction'], distance: values['distance'] },
    });
    tell();
  });
  const init = flattenTree(
    (await loadPolicy(generator)).init(Random.fromSeed(seedOf(lane, 'generator', round))) as Tree<HostTensor>,
  );
  const trained = await trainPpo(lane, {
    ...{ name: `identify ${round + 1}`, judge, policy: generator, ppo, init, snapshots },
    environment: identificationOf(options.robot, plan.policy, behaving, { engine }),
    iterations: options.identifyIterations,
    progress: step => lane.progress(from + step),
  });
  // Its last row may come behind the learner's last barrier.
  await new Promise<void>(resolve => {
    tell = () => {
      if (rows.length >= options.identifyIterations) resolve();
    };
    tell();
  });
  await judge.stop();
  for (const { step, ...values } of rows) lane.row(from + step, { ...values });
  const played = async (name: string, generators: readonly Float32Array[]) =>
    (
      await collect(lane, ground, {
        name: `${name} ${round + 1}`,
        environment: refinementOf(options.robot, generator, generators, { engine }),
        ...{ behaviors, episodes: real.lengths.length },
      })
    ).tuples;
  return {
    ...{ generators: trained.snapshots, rows, steps: trained.steps },
    hybrid: await played('hybrid', trained.snapshots),
    untrained: await played('untrained', [init]),
  };
}

/** The source policy, or the one refined last, learned on in the hybrid simulator. */
async function refine(
  lane: Lane,
  { options, plan }: Ground,
  behaviors: readonly Float32Array[],
  { generators, steps }: Identified,
  constant: boolean,
  round: number,
  from: number,
): Promise<PpoTrained> {
  const random = Random.fromSeed(seedOf(lane, 'critic', round));
  const start = behaviors[behaviors.length - 1];
  const { policy, ppo } = plan;
  const generator = constant ? plan.constant : plan.generator;
  const {
    parameters,
    curve,
    steps: taken,
  } = await trainPpo(lane, {
    ...{ name: `refine ${round + 1}`, policy, ppo: ppo.refine, iterations: options.refineIterations },
    environment: refinementOf(options.robot, generator, generators, { engine: options.engine }),
    init: await warmStart(policy, start, options.refineLogStd, random),
    progress: step => lane.progress(from + steps + step),
  });
  tellCurve(lane, curve, from + steps);
  return { parameters, curve, steps: taken };
}
