import { usageError } from '../../core/errors.ts';
import type { Arm } from '../contract.ts';
import { positive, wrong } from '../inputs.ts';
import { buckets, pickArm, uniformOf } from './assign.ts';

/** What a parameter can be set to. */
export type ParameterValue = string | number | boolean;

/** Values by the parameter's name. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** Buckets of a layer, `from` up to but without `below`: whole numbers, 0 ≤ from < below ≤ 1000. */
export interface Slice {
  readonly from: number;
  readonly below: number;
}

/** A slice of a layer's traffic whose arms set that layer's parameters. */
export interface LayerExperiment {
  readonly name: string;
  readonly buckets: Slice;
  /** The baseline first; at least two. What an arm does not set keeps its value. */
  readonly arms: readonly (Arm & { readonly set: Parameters })[];
}

/**
 * A set of parameters, and the experiments on them. A unit is in at most one experiment of a layer, and in
 * one of every layer. Where the same units come again (robots, not trials), give a layer a new name for the
 * next experiment: its arms would else split the units as the last one's did.
 */
export interface Layer {
  /** Enters the hash; unlike any other's. */
  readonly name: string;
  readonly parameters: readonly string[];
  readonly experiments?: readonly LayerExperiment[];
  /** Slices with layers of their own, beside the experiments. */
  readonly domains?: readonly Domain[];
}

/**
 * A slice of a layer's traffic that is cut into layers of its own. Their parameters are some of that layer's.
 */
export interface Domain {
  readonly name: string;
  readonly buckets: Slice;
  /**
   * For experiments that touch many parameters: it has one layer, so that its units are in one
   * experiment only.
   */
  readonly reserved?: boolean;
  readonly layers: readonly Layer[];
}

/** All traffic: how units are spread over experiments that run at the same time. */
export interface Traffic {
  /** Every parameter with the value that it has where no experiment sets it. */
  readonly parameters: Parameters;
  readonly layers: readonly Layer[];
  /** Gradual roll-outs, over all traffic: what they set holds unless an experiment sets it. */
  readonly launch?: readonly Omit<Layer, 'domains'>[];
}

/** An experiment that a unit is in. */
export interface LayerAssignment {
  readonly layer: string;
  readonly experiment: string;
  readonly arm: string;
  /** 0 … 999. */
  readonly bucket: number;
}

/** What holds for a unit. */
export interface Resolved {
  readonly parameters: Parameters;
  readonly assignments: readonly LayerAssignment[];
}

/**
 * Overlapping experiments (Tang, Agarwal, O'Brien, Meyer: "Overlapping Experiment Infrastructure", KDD
 * 2010). A unit's place in a layer is drawn from the hash of the unit and the layer, so that layers are
 * independent of one another; an experiment over all of a layer gives the arms that `assignArm` gives for
 * the layer's name.
 * @param secret as in `uniformOf`
 * @returns what holds for a unit: the same whenever it is asked
 * @throws a usage error as `checkTraffic` does
 */
export function resolverOf(traffic: Traffic, secret: string): (unit: string) => Resolved {
  checkTraffic(traffic);
  return unit => {
    const parameters: Record<string, ParameterValue> = { ...traffic.parameters };
    const assignments: LayerAssignment[] = [];
    const visit = (layer: Layer): void => {
      const place = buckets * uniformOf(secret, layer.name, unit);
      const isIn = ({ buckets: { from, below } }: { readonly buckets: Slice }) =>
        place >= from && place < below;
      const experiment = layer.experiments?.find(isIn);
      if (experiment) {
        const { from, below } = experiment.buckets;
        const { name: arm, set } = pickArm(experiment.arms, (place - from) / (below - from));
        Object.assign(parameters, set);
        assignments.push({ layer: layer.name, experiment: experiment.name, arm, bucket: Math.floor(place) });
      }
      layer.domains?.find(isIn)?.layers.forEach(visit);
    };
    traffic.launch?.forEach(visit);
    traffic.layers.forEach(visit);
    return { parameters, assignments };
  };
}

/**
 * That units can be spread as described: layers have names of their own, slices of a layer do not overlap,
 * and a parameter belongs to one layer only (and perhaps to one of the launch layers).
 * @throws a usage error that names the layers, and what they share
 */
export function checkTraffic({ parameters, layers, launch = [] }: Traffic): void {
  const known = Object.keys(parameters);
  const names = new Set<string>();
  checkOwners(launch);
  checkOwners(layers);
  for (const layer of [...launch, ...layers]) checkLayer(layer, known, 'the traffic', names);
}

function checkLayer(layer: Layer, allowed: readonly string[], within: string, names: Set<string>): void {
  const { name, parameters, experiments = [], domains = [] } = layer;
  const here = `layer ${JSON.stringify(name)}`;
  if (name === '' || name.includes('|')) throw usageError(`${here}: expected a name without "|"`);
  if (names.has(name)) throw usageError(`${here}: expected a name that no other layer has`);
  names.add(name);
  for (const parameter of parameters) {
    if (!allowed.includes(parameter))
      throw usageError(
        `${here}: parameter ${JSON.stringify(parameter)}: expected one of ${within}: ${allowed.join(', ') || 'none'}`,
      );
  }
  checkSlices([...experiments, ...domains], here);
  for (const experiment of experiments) checkExperiment(experiment, parameters, here);
  for (const domain of domains) {
    if (domain.reserved && domain.layers.length !== 1)
      throw wrong(
        `${here}: domain ${JSON.stringify(domain.name)} is reserved: layers`,
        domain.layers.length,
        'one',
      );
    checkOwners(domain.layers);
    for (const inner of domain.layers) checkLayer(inner, parameters, here, names);
  }
}

/** That no two layers over the same units set the same parameter. */
function checkOwners(layers: readonly Pick<Layer, 'name' | 'parameters'>[]): void {
  const owners = new Map<string, string>();
  for (const { name, parameters } of layers) {
    for (const parameter of parameters) {
      const owner = owners.get(parameter);
      if (owner !== undefined)
        throw usageError(
          `layers ${JSON.stringify(owner)} and ${JSON.stringify(name)}: both have the parameter ` +
            `${JSON.stringify(parameter)}, expected it in one of them`,
        );
      owners.set(parameter, name);
    }
  }
}

function checkSlices(
  parts: readonly { readonly name: string; readonly buckets: Slice }[],
  here: string,
): void {
  const sorted = [...parts].sort((a, b) => a.buckets.from - b.buckets.from);
  for (const [index, part] of sorted.entries()) {
    const { from, below } = part.buckets;
    const isSlice =
      Number.isInteger(from) && Number.isInteger(below) && from >= 0 && from < below && below <= buckets;
    if (!isSlice)
      throw usageError(
        `${here}: buckets of ${JSON.stringify(part.name)} = ${from} to ${below}: ` +
          'expected whole numbers with 0 <= from < below <= 1000',
      );
    const before = sorted[index - 1];
    if (before && before.buckets.below > from)
      throw usageError(
        `${here}: ${JSON.stringify(before.name)} and ${JSON.stringify(part.name)} share bucket ${from}, ` +
          'expected it in one of them',
      );
  }
}

function checkExperiment({ name, arms }: LayerExperiment, parameters: readonly string[], here: string): void {
  const where = `${here}: experiment ${JSON.stringify(name)}`;
  if (arms.length < 2) throw wrong(`${where}: arms`, arms.length, 'at least two');
  const names = new Set<string>();
  for (const arm of arms) {
    const at = `${where}: arm ${JSON.stringify(arm.name)}`;
    if (names.has(arm.name)) throw usageError(`${at}: expected a name that no other arm has`);
    names.add(arm.name);
    positive(`${at}: weight`, arm.weight);
    for (const parameter of Object.keys(arm.set)) {
      if (!parameters.includes(parameter))
        throw usageError(
          `${at}: sets ${JSON.stringify(parameter)}, expected one of its layer's parameters: ${parameters.join(', ') || 'none'}`,
        );
    }
  }
}
