import type { Rate } from '../../evaluation/simulate/index.ts';
import type { RoboticsStudy } from './contract.ts';

/** What the summary says of an arm. */
export type ArmFigures = Readonly<Record<string, number>> & {
  readonly found: number;
  readonly effect?: number;
};

/** The study as figures of the summary, which checks read. */
export function figuresOf(study: RoboticsStudy) {
  const arms: Readonly<Record<string, ArmFigures>> = Object.fromEntries(
    study.experiment.arms.map(({ arm, rate, cmh, jackknife, adjustedP, found, truth }) => [
      arm,
      {
        rate,
        ...(cmh.estimable && { effect: cmh.value, low: cmh.low, high: cmh.high }),
        ...(jackknife.estimable && { jackknifeLow: jackknife.low, jackknifeHigh: jackknife.high }),
        p: adjustedP ?? 1,
        found: Number(found),
        ...(truth !== undefined && { truth }),
      },
    ]),
  );
  const rates = Object.fromEntries(study.designs.map(({ name, falsePositives }) => [name, falsePositives]));
  const fitting = Object.fromEntries(study.designs.map(({ name, stratified }) => [name, stratified]));
  const peeks = Object.fromEntries(study.peeking.map(({ name, falsePositives }) => [name, falsePositives]));
  const { independence, interactions } = study.experiment.layers;
  return {
    trials: study.trials + study.experiment.trials,
    baseRate: study.baseRate,
    sequential: { holdZero: study.sequential.holdZero, overWorlds: study.sequential.overWorlds.sequential },
    regrouped: { meanHoldZero: study.regrouped.meanHoldZero },
    arms,
    falsePositives: {
      sequential: rates['sequential'],
      alternating: rates['alternating'],
      perSession: rates['per session'],
      perSessionJackknife: fitting['per session'],
      perTrial: rates['per trial'],
      perTrialCmh: fitting['per trial'],
      peeking: peeks['fixed-horizon z'],
      alwaysValid: Math.max(peeks['confidence sequence'], peeks['centred scores'], peeks['e-process']),
    },
    simulated: simulatedFigures(study.simulated),
    layers: {
      independence: independence.estimable ? independence.p : 1,
      interaction: Math.min(1, ...interactions.map(({ test }) => (test.estimable ? test.p : 1))),
    },
    guards: { failed: study.guards.filter(({ passed }) => !passed).length },
    planted: { missed: study.planted.filter(({ passed }) => !passed).length },
  };
}

/** Those of the simulated error rates that the study has bars for. */
function simulatedFigures(rates: readonly Rate[]) {
  const of = (study: string, analysis: string) =>
    rates.find(rate => rate.study === study && rate.analysis === analysis)?.mean ?? Number.NaN;
  const valid = rates.filter(
    ({ analysis }) =>
      analysis.startsWith('confidence sequence') || analysis === 'centred scores' || analysis === 'e-process',
  );
  return {
    sequential: of('sequential, walk 0.01', 'pooled z'),
    parity: of('alternating, parity 0.25', 'pooled z'),
    perTrial: of('per trial, walk 0.01', 'pooled z'),
    perTrialCmh: of('per trial, walk 0.01', 'CMH over 20 stretches of time'),
    peeking: of('peeking', 'z, 20 looks'),
    alwaysValid: Math.max(...valid.map(({ mean }) => mean)),
  };
}
