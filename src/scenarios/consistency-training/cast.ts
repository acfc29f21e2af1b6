import { firstValueFrom, takeWhile, toArray } from 'rxjs';
import { labelledStream, unlabelledStream } from '../../actors/streams/index.ts';
import { classifierJudge, type Verdict } from '../../learners/classifier/index.ts';
import {
  balancedJudge,
  consistencyConfig,
  emaShadow,
  type StepReport,
  scheduler,
  studentLearner,
  teacher,
} from '../../learners/consistency-training/index.ts';
import type { Lane } from '../arms/index.ts';
import type { ArmPlan } from './arms.ts';
import type { Ground } from './grounds.ts';

/** What came of an arm. */
export interface ArmDone {
  readonly verdicts: readonly Verdict[];
  readonly reports: readonly StepReport[];
  readonly executor: { readonly name: string; readonly reason: string };
}

/** Reports and verdicts of an arm. */
const reports = 30;
const verdicts = 10;

/**
 * Casts an arm: streams, augmenters and schedules feed the student; what it is goes to the teacher, whose targets come
 * back to it, and to the shadow, which shows its average to the judge.
 */
export async function playArm(lane: Lane, arm: ArmPlan, ground: Ground): Promise<ArmDone> {
  const { data, net, shape, classes, steps, executor } = ground;
  const { seed } = lane;
  const settings = consistencyConfig.parse({ ...ground.settings, ...arm.settings });
  const every = (times: number) => Math.max(1, Math.round(steps / times));
  const role = { net, shape: [...shape], classes, executor };

  const { split: _, ...source } = data;
  const judge = await lane.spawn(
    ground.balanced ? balancedJudge : classifierJudge,
    { net, seed, count: ground.test, executor, data: source },
    { name: 'judge' },
  );
  const shadow = await lane.spawn(emaShadow, { decay: settings.emaDecay, every: every(verdicts), steps });
  const clock = await lane.spawn(scheduler, { settings, steps, classes });
  const unlabelled = arm.pairs !== null;
  const student = await lane.learner(studentLearner, {
    ...role,
    ...{ settings, steps, seed, unlabelled, reportEvery: every(reports) },
  });
  lane.link(student.outputs.annealNeeds, clock.inputs.needs);
  lane.link(clock.outputs.anneals, student.inputs.anneals);
  lane.link(student.outputs.parameters, shadow.inputs.parameters);
  lane.link(shadow.outputs.shadows, judge.inputs.shadows);

  const labels = await lane.spawn(labelledStream, {
    ...{ data, seed, pool: ground.labelledPool, perClass: arm.labels / classes },
    batch: Math.min(ground.batch, arm.labels),
  });
  const between = arm.augmented ? await ground.labelledAugmenter?.(lane) : undefined;
  if (between) {
    lane.link(student.outputs.labelledNeeds, between.inputs.needs);
    lane.link(between.outputs.needs, labels.inputs.needs);
    lane.link(labels.outputs.batches, between.inputs.batches);
    lane.link(between.outputs.batches, student.inputs.labelled);
  } else {
    lane.link(student.outputs.labelledNeeds, labels.inputs.needs);
    lane.link(labels.outputs.batches, student.inputs.labelled);
  }

  if (arm.pairs !== null) {
    const originals = await lane.spawn(unlabelledStream, {
      ...{ data, seed, pool: ground.unlabelledPool, batch: ground.unlabelledBatch },
    });
    const augmenter = await ground.augmenter(lane, arm.pairs);
    const teaching = await lane.learner(teacher, role);
    lane.link(student.outputs.pairNeeds, augmenter.inputs.needs);
    lane.link(augmenter.outputs.needs, originals.inputs.needs);
    lane.link(originals.outputs.batches, augmenter.inputs.batches);
    lane.link(augmenter.outputs.pairs, student.inputs.pairs);
    lane.link(augmenter.outputs.pairs, teaching.inputs.pairs);
    lane.link(student.outputs.parameters, teaching.inputs.parameters);
    lane.link(teaching.outputs.targets, student.inputs.targets);
  }

  const told: StepReport[] = [];
  student.outputs.reports.subscribe(report => {
    told.push(report);
    lane.progress(report.step);
    const { step, ...values } = report;
    lane.row(step, values);
  });
  const judged = firstValueFrom(
    judge.outputs.verdicts.pipe(
      takeWhile(({ step }) => step < steps, true),
      toArray(),
    ),
  );
  const ran = await student.call.learn();
  const all = await judged;
  for (const { step, ...values } of all) lane.row(step, values, `${lane.arm} judge`);
  return { verdicts: all, reports: told, executor: ran };
}
