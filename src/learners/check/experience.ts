import type { PolicyRef } from '../../actors/policy.ts';
import { compilePolicy, fillNoise } from '../../actors/policy-programs.ts';
import { allocateSlab, type Trajectory, trajectoryFields } from '../../actors/trajectory.ts';
import type { Random } from '../../core/random.ts';
import { actionSize, flatSize, type Space } from '../../env/spaces.ts';

/** Whose experience is made up, and how much of it a round holds. */
export interface ExperienceShape {
  readonly policy: PolicyRef;
  readonly workers: number;
  readonly count: number;
  readonly steps: number;
}

/**
 * A round of made-up experience: observations and rewards are noise, episodes end in either way here and there, and the
 * actions, their log-probabilities and the values are the policy's own.
 * @returns one trajectory a worker, and the first thing that is wrong with the policy's actions
 */
export async function makeRound(
  { policy: ref, workers, count, steps }: ExperienceShape,
  parameters: Float32Array,
  round: number,
  random: Random,
): Promise<{ round: Trajectory[]; wrongAction: string | undefined }> {
  const policy = await compilePolicy(ref);
  policy.setParameters(parameters);
  const rows = count * steps;
  const size = flatSize(ref.spaces.observation);
  const width = actionSize(ref.spaces.action);
  let wrongAction: string | undefined;
  const trajectories = Array.from({ length: workers }, (_, worker) => {
    const stream = random.split(round, worker);
    const slab = allocateSlab(trajectoryFields({ spaces: ref.spaces, count, steps }));
    for (const column of [slab.observations, slab.rewards, slab.bootstrapValues, slab.lastValues]) {
      stream.fillNormal(column);
    }
    const noise = { shape: [rows, policy.noise.size], data: new Float32Array(rows * policy.noise.size) };
    fillNoise(policy.noise.kind, stream, noise.data);
    const observations = { shape: [rows, size], data: slab.observations };
    const actions = policy.act(observations, noise);
    wrongAction ??= mismatchOf(actions.data, ref.spaces.action, width, rows);
    slab.actions.set(actions.data);
    const { logProbs, values } = policy.appraise(observations, actions);
    slab.logProbs.set(logProbs.data);
    slab.values.set(values.data);
    slab.episodeReturns.fill(Number.NaN);
    slab.episodeLengths.fill(Number.NaN);
    for (let row = 0; row < rows; row++) {
      const end = stream.integer(8);
      slab.terminated[row] = end === 0 ? 1 : 0;
      slab.truncated[row] = end === 1 ? 1 : 0;
    }
    slab.round[0] = round;
    slab.version[0] = round;
    slab.worker[0] = worker;
    return slab;
  });
  policy.dispose();
  return { round: trajectories, wrongAction };
}

/** What is wrong with rows of actions. Real ones may leave their bounds: those are applied where the environment is. */
function mismatchOf(data: ArrayLike<number>, space: Space, width: number, rows: number): string | undefined {
  if (data.length !== rows * width) return `${data.length} numbers for ${rows} actions of ${width}`;
  for (let i = 0; i < data.length; i++) {
    const choices =
      space.kind === 'discrete' ? space.n : space.kind === 'multiDiscrete' ? space.sizes[i % width] : 0;
    const fits =
      space.kind === 'box'
        ? Number.isFinite(data[i])
        : Number.isInteger(data[i]) && data[i] >= 0 && data[i] < choices;
    if (!fits) return `action ${Math.floor(i / width)}: element ${i % width} = ${data[i]}`;
  }
  return undefined;
}
