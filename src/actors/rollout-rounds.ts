import type { Random } from '../core/random.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { VectorEnvironment } from '../env/contract.ts';
import type { Inputs, SlabOutput, SlabPort } from './contract.ts';
import type { PolicyPrograms } from './policy-programs.ts';
import { Collector } from './rollout-collector.ts';
import {
  allocateSlab,
  copySlab,
  type PolicyFields,
  type Trajectory,
  type TrajectoryFields,
  type TrajectoryShape,
  trajectoryFields,
} from './trajectory.ts';

/** What a group of rollouts is made of, whoever owns the environment. */
export interface RolloutParts {
  readonly environment: VectorEnvironment;
  readonly policy: PolicyPrograms;
  readonly shape: TrajectoryShape;
  readonly lag: 0 | 1;
  /** Draws the noise of actions. */
  readonly random: Random;
  /** Which copy of the group this is. */
  readonly index: number;
  readonly policies: Inputs<{ policies: SlabPort<PolicyFields> }>['policies'];
  readonly trajectories: SlabOutput<TrajectoryFields>;
  readonly signal: AbortSignal;
  readonly restored: Snapshot | undefined;
  save(state: Snapshot): void;
  heartbeat(): void;
}

/**
 * Answers policies with experience, round after round. Round r is collected with policy r − lag (the first ones with
 * policy 0), so what is collected depends on the seed alone, not on who was faster.
 *
 * A policy is a request for the rounds that it is due to collect. A request for rounds that are done is answered with
 * the same trajectories again, so neither side minds when the other was restarted: the learner drops what it has.
 * @returns where it stands, for checkpoints
 */
export function answerPolicies(parts: RolloutParts): () => Snapshot {
  const { environment, policy, shape, lag, random, index, signal, restored, save, heartbeat } = parts;
  const collector = new Collector(environment, policy, shape, random);
  /** The last 1 + lag trajectories, by round. */
  const held = Array.from({ length: 1 + lag }, () => allocateSlab(trajectoryFields(shape)));
  for (const trajectory of held) trajectory.round[0] = -1;

  /** Rounds done. */
  let rounds = 0;
  if (restored !== undefined) {
    const state = restored as { rounds: number; collector: Snapshot; held?: readonly Trajectory[] };
    rounds = state.rounds;
    collector.restore(state.collector);
    state.held?.forEach((trajectory, i) => {
      copySlab(trajectory, held[i]);
    });
  }
  const snapshot = () => ({ rounds, collector: collector.snapshot() });

  parts.policies.subscribe(({ version: [version], parameters }) => {
    const due = version + 1 + lag;
    if (rounds >= due) {
      for (let round = Math.max(0, due - 1 - lag); round < due; round++) sendAgain(round);
      return;
    }
    policy.setParameters(parameters);
    while (rounds < due && !signal.aborted) {
      const trajectory = held[rounds % held.length];
      collector.collect(trajectory, heartbeat);
      trajectory.round[0] = rounds;
      trajectory.version[0] = version;
      trajectory.worker[0] = index;
      rounds++;
      parts.trajectories.write(slot => copySlab(trajectory, slot));
      // A learner that dies before it has kept this round asks for it again, even if this actor has died since.
      save({ ...snapshot(), held });
    }
  });

  function sendAgain(round: number): void {
    const trajectory = held[round % held.length];
    if (trajectory.round[0] === round) parts.trajectories.write(slot => copySlab(trajectory, slot));
  }

  return snapshot;
}
