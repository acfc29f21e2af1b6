import { type Arm, openArms } from './arms/index.ts';
import { scenario } from './contract.ts';
import { checks } from './pipeline-parallel/checks.ts';
import { writeExhibits } from './pipeline-parallel/exhibits.ts';
import { playControl, playReplicas } from './pipeline-parallel/faults.ts';
import { type Done, figuresOf, type PipelineFigures } from './pipeline-parallel/figures.ts';
import { type GradientsDone, openedBy, playGradients } from './pipeline-parallel/gradients.ts';
import { memorySteps, playMemory } from './pipeline-parallel/memory.ts';
import { netsOf } from './pipeline-parallel/nets.ts';
import { options, type PipelineScenarioOptions } from './pipeline-parallel/options.ts';
import { playPartition } from './pipeline-parallel/partitioning.ts';
import { playSpeed } from './pipeline-parallel/speed.ts';
import { playTraining } from './pipeline-parallel/training.ts';

/**
 * GPipe: nets cut into stages that learn in workers of their own, against the same nets in one piece. First what must be equal, all arms
 * side by side; then what is timed, alone on the machine.
 */
export default scenario({
  name: 'pipeline-parallel',
  summary: 'GPipe cuts nets into stages that learn at once: the same gradients, faster, in less memory.',
  options,
  smoke: { parts: ['gradients', 'replicas', 'control'], depth: 4, width: 64, rows: 48 },
  async play(stage): Promise<PipelineFigures> {
    const { options, executor, seed, folder, record } = stage;
    const side = [...gradientArms(options, seed, executor), ...otherArms(options, executor)];
    const alone = timedArms(options, executor);
    const steps = [...side, ...alone].reduce((sum, each) => sum + each.steps, 0);
    const arms = await openArms(stage, { steps });
    try {
      const played = (await arms.play(side as readonly Arm<unknown>[])) as Readonly<Record<string, unknown>>;
      const timed: Record<string, unknown> = {};
      // One at a time: each has the machine for itself.
      for (const each of alone) Object.assign(timed, await arms.play([each]));
      const gradients = Object.entries(played).flatMap(([name, done]) =>
        name.includes('K =') ? [done as GradientsDone] : [],
      );
      const done = { ...played, ...timed, gradients } as unknown as Done;
      const { speed } = done;
      const [ran] = gradients;
      if (ran) record.executor({ name: ran.executor, reason: 'of the first stages' });
      if (done.partition && !speed) {
        record.warn(
          'partition: nobody looked whether two cores were idle: its bar is made only where the part "speed" is played, too',
        );
      }
      if (speed && !speed.calm) {
        const ratios = speed.probes.map(ratio => ratio.toFixed(2)).join(' and ');
        record.warn(
          `speed: no two cores were idle: two mini-batches at once took ${ratios} times as long as one: the bars of speed and of where the net is cut are not made`,
        );
      }
      writeExhibits(folder, done);
      return figuresOf(done);
    } finally {
      await arms.close();
    }
  },
  checks,
});

const arm = <R>(name: string, steps: number, play: Arm<R>['play']): Arm<R> => ({ name, steps, play });

/** The long ones first, so that lanes end together. */
const gradientArms = (
  options: PipelineScenarioOptions,
  seed: number,
  executor: string,
): readonly Arm<GradientsDone>[] =>
  !options.parts.includes('gradients')
    ? []
    : netsOf(options, seed).flatMap(net =>
        [...net.stages]
          .reverse()
          .map(stages =>
            arm(`${net.name} K = ${stages}`, openedBy(net), lane =>
              playGradients(lane, net, stages, executor),
            ),
          ),
      );

function otherArms(options: PipelineScenarioOptions, executor: string): readonly Arm<unknown>[] {
  const all = {
    training: arm('training', 2 * options.trainingSteps, lane => playTraining(lane, options, executor)),
    memory: arm('memory', memorySteps, lane => playMemory(lane, options, executor)),
    replicas: arm('replicas', 2, lane => playReplicas(lane, executor)),
    control: arm('control', 2, lane => playControl(lane, executor)),
  };
  return options.parts.flatMap((part): Arm<unknown>[] =>
    part in all ? [all[part as keyof typeof all]] : [],
  );
}

function timedArms(options: PipelineScenarioOptions, executor: string): readonly Arm<unknown>[] {
  const { parts, speed } = options;
  return [
    ...(parts.includes('speed')
      ? [arm('speed', speed.rounds, lane => playSpeed(lane, options, executor))]
      : []),
    ...(parts.includes('partition') ? [arm('partition', 2, lane => playPartition(lane, executor))] : []),
  ];
}
