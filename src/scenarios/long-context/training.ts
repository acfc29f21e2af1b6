import type { OutputEnd } from '../../actors/contract.ts';
import type { LanguageModelConfig } from '../../learners/language-model/index.ts';
import type { StepReport, XlConfig } from '../../learners/transformer-xl/index.ts';
import { vanillaLearner, xlLearner } from '../../learners/transformer-xl/index.ts';
import type { Lane } from '../arms/index.ts';
import type { Net } from './plans.ts';

/** How a net is trained. */
export interface Training {
  readonly net: Net;
  readonly model: LanguageModelConfig;
  readonly vocabulary: number;
  readonly lanes: number;
  readonly length: number;
  /** Of Transformer-XL. */
  readonly memory: number;
  readonly settings: XlConfig;
  readonly steps: number;
  readonly executor: string;
}

/** Reports of an arm. */
const reports = 30;

/** Casts the learner of an arm; what it reports becomes rows of the arm. */
export async function castLearner(lane: Lane, { net, memory, ...rest }: Training) {
  const config = { ...rest, reportEvery: Math.max(1, Math.round(rest.steps / reports)), seed: lane.seed };
  const learner =
    net === 'xl'
      ? await lane.learner(xlLearner, { ...config, memory })
      : await lane.learner(vanillaLearner, config);
  return { learner, told: toldBy(lane, learner.outputs.reports) };
}

function toldBy(lane: Lane, reports: OutputEnd<StepReport>): StepReport[] {
  const told: StepReport[] = [];
  reports.subscribe(report => {
    told.push(report);
    lane.progress(report.step);
    const { step, ...values } = report;
    lane.row(step, { ...values });
  });
  return told;
}
