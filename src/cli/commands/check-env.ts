import {
  checkEnvironment as check,
  type EnvironmentReport,
  findEnvironment,
  rules,
} from '../../env/index.ts';
import type { Io } from '../io.ts';
import { count } from '../screen/format.ts';
import { styleFor } from '../screen/style.ts';

/** `troupe check-env <file>`: the conformance kit, a line a rule. @returns 3 where a rule is broken */
export async function checkEnv(name: string, options: { json?: boolean }, io: Io): Promise<number> {
  const report = await check(await findEnvironment(name));
  const out = options.json ? io.stderr : io.stdout;
  const { bold, dim, green, red } = styleFor(out, io);
  out.write(`\n  ${bold(report.name)} ${dim(`· ${name}`)}\n\n`);
  for (const [rule, meaning] of Object.entries(rules)) {
    const finding = report.findings.find(each => each.rule === rule);
    const told = finding || !leftOut(report);
    const mark = finding ? red('✗') : told ? green('✓') : dim('·');
    out.write(`  ${mark} ${told ? meaning : dim(meaning)} ${dim(`(${rule})`)}\n`);
    if (finding) out.write(`      seen: ${finding.seen}\n`);
  }
  out.write(`\n  ${verdict(report)}\n\n`);
  if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
  return report.passed ? 0 : 3;
}

/** Where the environment could not be played at all, the rules that were not broken were not looked at either. */
const leftOut = ({ findings }: EnvironmentReport): boolean =>
  findings.some(({ rule }) => ['runs', 'spaces', 'observationShape', 'flags', 'columns'].includes(rule));

function verdict(report: EnvironmentReport): string {
  const { passed, findings, stepsPerSecond } = report;
  if (passed) return `keeps every rule; ${count(stepsPerSecond)} steps/s with 64 copies`;
  const broken = findings.length === 1 ? 'breaks 1 rule' : `breaks ${findings.length} rules`;
  return leftOut(report) ? `${broken}; the others (·) can be looked at when that is mended` : broken;
}
