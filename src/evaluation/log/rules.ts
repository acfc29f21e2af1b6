import { hashDesign } from '../assignment/design.ts';
import type { Design, LogRecord, Metric } from '../contract.ts';
import { shown, wrong } from '../inputs.ts';

type Assigned = Extract<LogRecord, { type: 'assigned' }>;
type Outcome = Extract<LogRecord, { type: 'outcome' }>;
type Stopped = Extract<LogRecord, { type: 'stopped' }>;

interface Known {
  readonly unit: string;
  readonly index: number;
  arm: string | undefined;
  ended: boolean;
}

/** What a log may say next: the same for who writes it and who reads it. */
export class LogRules {
  #design: Design | undefined;
  #metrics: ReadonlyMap<string, Metric> = new Map();
  readonly #trials = new Map<string, Known>();
  readonly #indices = new Set<number>();
  readonly #units = new Map<string, { trials: number; readonly arms: Set<string> }>();
  #ended = 0;
  #stopped = false;

  /** The design in its first record. */
  get design(): Design | undefined {
    return this.#design;
  }

  /**
   * Takes the next record.
   * @param where its file and line
   * @throws a usage error that says what was expected; the record is then not taken
   */
  push(record: LogRecord, where: string): void {
    const refuse: Refuse = (field, value, expected) => wrong(`${where}: ${field}`, value, expected);
    const design = this.#design;
    if (record.type === 'opened') this.#open(record, refuse);
    else if (!design) throw refuse('type', record.type, '"opened", which begins a log');
    else if (this.#stopped && record.type !== 'revealed')
      throw refuse('type', record.type, 'nothing but "revealed" after "stopped"');
    else if (record.type === 'assigned') this.#assign(record, design, refuse);
    else if (record.type === 'outcome') this.#end(record, design, refuse);
    else if (record.type === 'revealed') this.#reveal(record, design, refuse);
    else this.#stop(record, design, refuse);
  }

  #open(record: Extract<LogRecord, { type: 'opened' }>, refuse: Refuse): void {
    if (this.#design) throw refuse('type', 'opened', 'no second one: a log is of one experiment');
    const hash = hashDesign(record.design);
    if (hash !== record.designHash) {
      const why = 'the design was changed (N*, cap, level, arms or metric) after the experiment began';
      throw refuse('designHash', record.designHash, `${hash}, the hash of the design beside it: ${why}`);
    }
    this.#design = record.design;
    this.#metrics = new Map(
      [record.design.metric, ...record.design.secondary].map(metric => [metric.name, metric]),
    );
  }

  #assign({ trial, unit, index, arm }: Assigned, design: Design, refuse: Refuse): void {
    if (this.#trials.has(trial)) throw refuse('trial', trial, 'one that was not assigned before');
    if (this.#indices.has(index)) throw refuse('index', index, 'one that no other trial has');
    const others = this.#units.get(unit);
    if (others && design.unit === 'trial')
      throw refuse('unit', unit, 'one that no other trial has, since each trial draws its arm');
    if (others && design.unit === 'pair' && others.trials === design.arms.length)
      throw refuse(
        'unit',
        unit,
        `one with a trial to go: this pair has its ${others.trials}, one of each arm`,
      );
    if (arm !== undefined) this.#checkArm(arm, unit, design, refuse);
    this.#trials.set(trial, { unit, index, arm, ended: false });
    this.#indices.add(index);
    if (others) others.trials++;
    else this.#units.set(unit, { trials: 1, arms: new Set() });
    if (arm !== undefined) this.#units.get(unit)?.arms.add(arm);
  }

  #checkArm(arm: string, unit: string, design: Design, refuse: Refuse): void {
    if (!design.arms.some(({ name }) => name === arm))
      throw refuse('arm', arm, `one of the design's: ${design.arms.map(({ name }) => name).join(', ')}`);
    const arms = this.#units.get(unit)?.arms ?? new Set();
    if (design.unit === 'pair' && arms.has(arm))
      throw refuse('arm', arm, `another: pair ${shown(unit)} has a trial of it already`);
    const [first = arm] = arms;
    if (design.unit === 'session' && first !== arm)
      throw refuse('arm', arm, `${shown(first)}, the arm of session ${shown(unit)}`);
  }

  #end(record: Outcome, design: Design, refuse: Refuse): void {
    const known = this.#trials.get(record.trial);
    if (!known) throw refuse('trial', record.trial, 'one that was assigned');
    if (known.ended)
      throw refuse('trial', record.trial, 'one without an outcome: this one has its own already');
    if (record.unit !== known.unit)
      throw refuse('unit', record.unit, `${shown(known.unit)}, as it was assigned`);
    if (record.index !== known.index)
      throw refuse('index', record.index, `${known.index}, as it was assigned`);
    this.#checkMetrics(record, refuse);
    if (record.status === 'done') {
      for (const stratum of design.strata) {
        if (!Object.hasOwn(record.strata, stratum))
          throw refuse(`strata.${stratum}`, undefined, 'a text: the design names this stratum');
      }
    }
    known.ended = true;
    this.#ended++;
  }

  #checkMetrics({ status, metrics }: Outcome, refuse: Refuse): void {
    for (const [name, value] of Object.entries(metrics)) {
      const metric = this.#metrics.get(name);
      if (!metric)
        throw refuse(
          `metrics.${name}`,
          value,
          `a metric of the design: ${[...this.#metrics.keys()].join(', ')}`,
        );
      if (status === 'failed') throw refuse(`metrics.${name}`, value, 'no metric of a trial that failed');
      if (metric.kind === 'binary' && value !== 0 && value !== 1)
        throw refuse(`metrics.${name}`, value, '0 or 1, since the metric is binary');
      if (!Number.isFinite(value)) throw refuse(`metrics.${name}`, value, 'a finite number');
    }
    if (status === 'failed') return;
    for (const name of this.#metrics.keys()) {
      if (!Object.hasOwn(metrics, name))
        throw refuse(`metrics.${name}`, undefined, 'a number, or status "failed"');
    }
  }

  #reveal(record: Extract<LogRecord, { type: 'revealed' }>, design: Design, refuse: Refuse): void {
    const known = this.#trials.get(record.trial);
    if (!known) throw refuse('trial', record.trial, 'one that was assigned');
    if (known.arm !== undefined)
      throw refuse('trial', record.trial, `one whose arm is not known: this one has ${shown(known.arm)}`);
    this.#checkArm(record.arm, known.unit, design, refuse);
    known.arm = record.arm;
    this.#units.get(known.unit)?.arms.add(record.arm);
  }

  #stop({ reason, trials }: Stopped, { stopping }: Design, refuse: Refuse): void {
    if ((reason === 'fixed') !== (stopping.rule === 'fixed'))
      throw refuse(
        'reason',
        reason,
        stopping.rule === 'fixed' ? '"fixed", the design\'s rule' : '"settled" or "cap"',
      );
    if (trials !== this.#ended) throw refuse('trials', trials, `${this.#ended}, the outcomes before it`);
    this.#stopped = true;
  }
}

type Refuse = (field: string, value: unknown, expected: string) => Error;
