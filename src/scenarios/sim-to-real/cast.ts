import type { TargetBook } from '../../learners/simgan/target-book.ts';
import type { Arm, Arms, Lane } from '../arms/index.ts';
import { type Collected, playAdapted, playCollection } from './adapt.ts';
import {
  collect,
  type Ground,
  playInTarget,
  playRandomized,
  playSource,
  randomizedIterations,
  type TrainedInTarget,
} from './arms.ts';
import type { SimToRealOptions } from './options.ts';
import type { Adapted, ArmName, PpoTrained, TrainedArm, TrainedForTarget } from './results.ts';
import { planOf } from './settings.ts';

/** What the arms of the last phase come to. */
type Played = PpoTrained | TrainedInTarget | Adapted;

const nothing: TargetBook = { collected: 0, trained: 0, evaluated: 0 };

/** Whether an arm is played: SimGAN and the policy that it starts from always are. */
export const isPlayed = (name: ArmName, { arms }: SimToRealOptions): boolean =>
  name === 'simGan' || name === 'zeroShot' || arms.includes(name);

/** Environment steps of all arms together. */
export function stepsOf(options: SimToRealOptions, has: (name: ArmName) => boolean): number {
  const { sourceIterations, oracleIterations, identifications } = options;
  const iteration = options.environments * options.horizon;
  const adapting = adaptingSteps(options) * identifications;
  return (
    iteration * sourceIterations +
    collectingSteps(options) * identifications +
    adapting * (has('sysIdConst') ? 2 : 1) +
    (has('dr') ? iteration * randomizedIterations(options) : 0) +
    (has('ft') ? collectingSteps(options) * identifications : 0) +
    (has('oracle') ? iteration * oracleIterations : 0)
  );
}

const adaptingSteps = ({
  rounds,
  identifyIterations,
  refineIterations,
  environments,
  horizon,
}: SimToRealOptions): number => rounds * (identifyIterations + refineIterations) * environments * horizon;

const collectingSteps = ({ trajectories, horizon }: SimToRealOptions): number => trajectories * horizon;

/**
 * Trains all that is to be judged, in three phases: the source policy behaves (BEHAVE), gathers data in the target
 * (COLLECT), and then every arm goes its way, SimGAN's by identifying and refining.
 */
export async function trainForTarget(options: SimToRealOptions, arms: Arms): Promise<TrainedForTarget> {
  const plan = await planOf(options);
  const ground: Ground = { options, plan };
  const has = (name: ArmName): boolean => isPlayed(name, options);
  const seeds = Array.from({ length: options.identifications }, (_, k) => k + 1);
  const iteration = plan.iteration;

  const { source: behavior } = await arms.play<PpoTrained>([
    armOf('source', options.sourceIterations * iteration, lane => playSource(lane, ground)),
  ]);
  const from = behavior.parameters;

  const episodes = options.trajectories / options.rounds;
  const collected = await arms.play<Collected>([
    ...seeds.map(k =>
      armOf(`collect ${k}`, collectingSteps(options), lane => playCollection(lane, ground, from, episodes)),
    ),
    armOf('collect source', 0, async lane => {
      const environment = plan.robot.in('source', { engine: options.engine });
      const { tuples } = await collect(lane, ground, {
        ...{ name: 'source', environment, behaviors: [from], episodes: options.trajectories },
      });
      return { real: tuples, book: nothing };
    }),
  ]);

  const fineTuning = (stepsOfSimGan: (seed: number) => number) =>
    seeds.map(k =>
      armOf<Played>(`ft ${k}`, collectingSteps(options), lane =>
        playInTarget(lane, ground, from, stepsOfSimGan(k)),
      ),
    );
  const adapting = (name: 'simGan' | 'sysIdConst') =>
    seeds.map(k =>
      armOf<Played>(`${name} ${k}`, adaptingSteps(options), lane =>
        playAdapted(lane, ground, from, collected[`collect ${k}`], name === 'sysIdConst'),
      ),
    );
  // The longest first, so that the lanes end together.
  let played = await arms.play<Played>([
    ...adapting('simGan'),
    ...(has('dr')
      ? [armOf<Played>('dr', randomizedIterations(options) * iteration, lane => playRandomized(lane, ground))]
      : []),
    ...(has('sysIdConst') ? adapting('sysIdConst') : []),
    ...(has('oracle')
      ? [
          armOf<Played>('oracle', options.oracleIterations * iteration, lane =>
            playInTarget(lane, ground, from, null),
          ),
        ]
      : []),
    ...(has('ft') && options.rounds === 1 ? fineTuning(k => collected[`collect ${k}`].book.collected) : []),
  ]);
  // How long the episodes of a second round are is known when it has been played.
  if (has('ft') && options.rounds > 1) {
    const simGan = played;
    const tuned = await arms.play(fineTuning(k => (simGan[`simGan ${k}`] as Adapted).book.collected));
    played = { ...simGan, ...tuned };
  }

  const byArm: Readonly<Record<ArmName, () => TrainedArm>> = {
    zeroShot: () => single('zeroShot', { ...behavior, curve: [] }, nothing, behavior.steps),
    dr: () => {
      const trained = played['dr'] as PpoTrained;
      return single('dr', trained, nothing, trained.steps);
    },
    ft: () => {
      const trained = seeds.map(k => played[`ft ${k}`] as TrainedInTarget);
      return {
        name: 'ft',
        policies: trained.map(({ parameters }) => parameters),
        books: trained.map(({ book }) => book),
        steps: trained.map(() => behavior.steps),
        curves: trained.map(({ curve }) => curve),
      };
    },
    simGan: () => adaptedArm('simGan', ofAll('simGan'), behavior.steps),
    sysIdConst: () => adaptedArm('sysIdConst', ofAll('sysIdConst'), behavior.steps),
    oracle: () => {
      const trained = played['oracle'] as TrainedInTarget;
      return single('oracle', trained, trained.book, behavior.steps);
    },
    random: () => ({ name: 'random', policies: ['random'], books: [nothing], steps: [0], curves: [[]] }),
  };
  const ofAll = (name: 'simGan' | 'sysIdConst'): Adapted[] =>
    has(name) ? seeds.map(k => played[`${name} ${k}`] as Adapted) : [];
  return {
    ...{ robot: options.robot, target: options.target, policy: plan.policy },
    ...{ generator: plan.generator, constant: plan.constant },
    behavior: { ...behavior, logStd: options.behaviorLogStd },
    source: collected['collect source'].real,
    arms: (Object.keys(byArm) as ArmName[]).filter(has).map(name => byArm[name]()),
    simGan: ofAll('simGan'),
    sysIdConst: ofAll('sysIdConst'),
  };
}

const armOf = <R = PpoTrained>(name: string, steps: number, play: (lane: Lane) => Promise<R>): Arm<R> => ({
  name,
  steps,
  play,
});

const single = (
  name: ArmName,
  { parameters, curve }: Pick<PpoTrained, 'parameters' | 'curve'>,
  book: TargetBook,
  steps: number,
): TrainedArm => ({ name, policies: [parameters], books: [book], steps: [steps], curves: [curve] });

function adaptedArm(name: ArmName, all: readonly Adapted[], behaving: number): TrainedArm {
  const last = all.map(({ rounds }) => rounds[rounds.length - 1].refined);
  return {
    name,
    policies: last.map(({ parameters }) => parameters),
    books: all.map(({ book }) => book),
    steps: all.map(({ rounds }) => behaving + rounds.reduce((sum, { refined }) => sum + refined.steps, 0)),
    curves: last.map(({ curve }) => curve),
  };
}
