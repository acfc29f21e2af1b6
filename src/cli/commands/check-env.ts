import {
  checkEnvironment as check,
  type EnvironmentReport,
  findEnvironment,
  rules,
} from '../../env/index.ts';
import type { Io } from '../io.ts';
import { count } from '../screen/format.ts';
import { styleFor } from '../screen/style.ts';

/** `troupe check-env <file>`: the conformance kit, a line a rule: ✓ kept, ✗ broken, · not looked at. @returns 3 where one is broken */
export async function checkEnv(name: string, options: { json?: boolean }, io: Io): Promise<number> {
  const report = await check(await findEnvironment(name));
  const out = options.json ? io.stderr : io.stdout;
  const { bold, dim, green, red } = styleFor(out, io);
  out.write(`\n  ${bold(report.name)} ${dim(`· ${name}`)}\n\n`);
  for (const [rule, meaning] of Object.entries(rules)) {
    const finding = report.findings.find(each => each.rule === rule);
    const unknown = report.unchecked.find(each => each.rule === rule);
    const mark = finding ? red('✗') : unknown ? dim('·') : green('✓');
    const note = unknown ? `(${rule}: ${unknown.why})` : `(${rule})`;
    out.write(`  ${mark} ${unknown ? dim(meaning) : meaning} ${dim(note)}\n`);
    if (finding) out.write(`      seen: ${finding.seen}\n`);
  }
  out.write(`\n  ${verdict(report)}\n\n`);
  if (options.json) io.stdout.write(`${JSON.stringify(report)}\n`);
  return report.passed ? 0 : 3;
}

function verdict({ passed, findings, unchecked, stepsPerSecond }: EnvironmentReport): string {
  const left = unchecked.length;
  if (!passed) {
    const broken = findings.length === 1 ? 'breaks 1 rule' : `breaks ${findings.length} rules`;
    return left > 0 ? `${broken}; ${left} (·) could not be looked at` : broken;
  }
  const all = Object.keys(rules).length;
  const kept = left === 0 ? 'every rule' : `the ${all - left} rules that could be checked, not ${left} (·)`;
  return `keeps ${kept}; ${count(stepsPerSecond)} steps/s with 64 copies`;
}
