import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { asError, TroupeError } from '../core/errors.ts';
import { described, placeOf } from '../core/places.ts';
import { troupeVersion } from '../scenarios/runner/machine.ts';
import { type Io, processIo } from './io.ts';
import { styleFor } from './screen/style.ts';

/**
 * The `troupe` command. Each subcommand's module is imported only when it runs, so that `--help` and `list` answer at once.
 * @param argv what stands behind `troupe`
 * @returns the exit code: 0 done, 1 failed, 2 wrong use, 3 a check failed, 130 interrupted and saved
 */
export async function troupe(argv: readonly string[], io: Io = processIo): Promise<number> {
  let code = 0;
  const program = build(io, result => {
    code = result;
  });
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, io, program);
  }
}

/**
 * Says what went wrong in one line: what, where, what was expected; with its stack where it was asked for, and where it
 * seems to be a mistake of ours.
 */
function explain(error: unknown, io: Io, { commands }: Command): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0; // help or version was asked for
  const { red, dim } = styleFor(io.stderr, io);
  const say = (text: string) => io.stderr.write(`${red('troupe:')} ${text}\n`);
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    const unhelped = error.code === 'commander.unknownCommand' && !message.includes('Did you mean');
    const names = commands.map(command => command.name()).join(', ');
    say(unhelped ? `${message}; expected one of ${names}` : message);
    return 2;
  }
  const ours = !(error instanceof TroupeError) && placeOf(error) === undefined;
  say(ours ? (asError(error).stack ?? String(error)) : described(error));
  if (isSet(io.env['TROUPE_DEBUG']) && !ours) io.stderr.write(`${dim(inspect(error))}\n`);
  return error instanceof TroupeError ? { usage: 2, failure: 1, interrupted: 130 }[error.kind] : 1;
}

const isSet = (value: string | undefined): boolean =>
  value !== undefined && !['', '0', 'false'].includes(value);

function build(io: Io, done: (code: number) => void): Command {
  const program = new Command('troupe')
    .description('Learning agents in TypeScript: environments, learners and evaluators as actors.')
    .version(troupeVersion(), '-v, --version')
    .configureOutput({
      writeOut: text => void io.stdout.write(text),
      writeErr: text => void io.stdout.write(text),
      outputError: () => {}, // `explain` says it, in one line
      getOutHelpWidth: () => io.stdout.columns ?? 100,
    })
    .configureHelp({ minWidthToWrap: 12 })
    .addHelpText('after', '\nTROUPE_DEBUG=1 in the environment: errors with their stacks.')
    .exitOverride()
    .showSuggestionAfterError()
    .hook('preAction', (_, command) => {
      // The last line of stdout is ours, and nothing else of it: to the end of the process.
      if (command.opts()['json']) io.onPrint(text => io.stderr.write(text));
    });
  // Subcommands made by `command()` take these settings over.

  program
    .command('list [what]')
    .description(
      'what there is: scenarios, environments and learners, or one of these; or the options of one scenario',
    )
    .action(async what => done(await (await import('./commands/list.ts')).list(what, io)));

  program
    .command('run [scenario]')
    .description('run a scenario, by its name or a file (./mine.ts)')
    .option('--seed <n>', 'the seed (default: 1)')
    .option('--seeds <list>', 'several seeds, one after another: 5 (is 1 to 5) or 1,2,7')
    .option('--smoke', 'the whole run in seconds, to see that it works')
    .option('--set <key=value>', 'change an option, e.g. ppo.learningRate=1e-3; may be repeated', gather, [])
    .option('--threads <n>', 'actors that collect at once (default: 2)')
    .option('--executor <name>', 'what runs the tensors; troupe doctor lists them (default: auto)')
    .option('--runs <dir>', 'where run folders are made (default: runs)')
    .option('--resume <run>', 'go on with a run that was stopped, from its last checkpoint')
    .option('--init <run>', "start from another run's policy")
    .option('--json', 'print summary.json as the last line of stdout, everything else to stderr')
    .option('--check', 'exit with 3 if a check fails')
    .helpOption(false)
    .option('-h, --help', 'show this, and the options of the scenario')
    .action(async (scenario, options, command: Command) => {
      const { run, runHelp } = await import('./commands/run.ts');
      done(options.help ? await runHelp(command, scenario, io) : await run(scenario, options, io));
    });

  program
    .command('evaluate <run>')
    .description("play a run's policy: mean return with a 95 % confidence interval")
    .option('--episodes <n>', 'how many (default: 100)')
    .option('--seed <n>', "the episodes' seed (default: one that training never saw)")
    .option(
      '--threads <n>',
      'actors that share the episodes, with the same result for any number (default: 2)',
    )
    .option('--patience <steps>', 'after which an episode is taken for one that never ends (default: 50000)')
    .option('--executor <name>', 'what runs the tensors (default: auto)')
    .option('--json', 'print the figures as the last line of stdout')
    .action(async (run, options) =>
      done(await (await import('./commands/evaluate.ts')).evaluate(run, options, io)),
    );

  program
    .command('compare [arms...]')
    .description(
      'which is better, and how sure that is: policies (runs) or settings of a scenario, seed by seed',
    )
    .option('--set <key=value>', 'an option of every scenario compared; may be repeated', gather, [])
    .option(
      '--against <key=value>',
      'one more arm: the one named, with this changed; may be repeated',
      gather,
      [],
    )
    .option('--metric <name>', 'what decides (default: return of an episode, evaluation.return of a run)')
    .option(
      '--also <name>',
      'what is looked at beside it, with corrected p values; may be repeated',
      gather,
      [],
    )
    .option('--lower-is-better', 'of the metric that decides')
    .option('--trials <n>', 'seeds that each arm plays (default: 200 episodes, 10 training runs)')
    .option(
      '--unpaired',
      'each trial draws its arm and its own seed, rather than all arms playing every seed',
    )
    .option(
      '--until-settled',
      'stop as soon as it is settled; --trials is then the most (the same as --stop always-valid)',
    )
    .option('--stop <rule>', 'fixed: after --trials (the default), or always-valid')
    .option(
      '--planned <n>',
      'seeds at which an always-valid interval is tightest (default: half of --trials)',
    )
    .option('--level <share>', 'of the intervals (default: 0.95)')
    .option(
      '--worth-finding <share>',
      'a relative effect that matters, e.g. 0.05: says the power, and what "not worse" is',
    )
    .option('--smoke', "the scenarios' smoke sizes")
    .option('--seed <n>', 'of all that is drawn (default: 1)')
    .option('--threads <n>', 'trials at once, with the same result for any number (default: one a core)')
    .option('--executor <name>', 'what runs the tensors (default: auto)')
    .option(
      '--patience <steps>',
      'after which an episode of a policy is taken for one that never ends (default: 50000)',
    )
    .option('--keep-runs', 'keep every training run whole, not its summary alone')
    .option('--export <forms>', 'tables of the trials: duckdb, parquet, csv, with commas between them')
    .option('--runs <dir>', 'where the folder compare/<time>-seed<n> is made (default: runs)')
    .option('--resume <dir>', 'go on with a comparison that was stopped')
    .option('--require <what>', 'exit with 3 unless every arm is better, or not-worse, than the first')
    .option('--json', 'print the analysis as the last line of stdout, everything else to stderr')
    .addHelpText('after', compareExamples)
    .action(async (arms, options) =>
      done(await (await import('./commands/compare.ts')).compare(arms, options, io)),
    );

  program
    .command('export <run>')
    .description("a run's policy for elsewhere: for onnxruntime, or as a module for a browser page")
    .option(
      '--to <form>',
      'onnx, or module: JavaScript that imports nothing (default: as --out ends, else onnx)',
    )
    .option('--out <file>', 'where to (default: <scenario>.onnx or <scenario>.js, in this folder)')
    .option('--sample', 'actions are drawn, from noise that comes in; without it they are the best ones')
    .option('--json', 'print what was written as the last line of stdout')
    .action(async (run, options) =>
      done(await (await import('./commands/export.ts')).exportPolicy(run, options, io)),
    );

  program
    .command('generate <run>')
    .description("a run's language model goes on from a text, token by token; Ctrl-C ends it")
    .requiredOption('--prompt <text>', 'what it goes on from')
    .option('--length <n>', 'tokens at most (default: 400)')
    .option('--temperature <t>', 'below 1 it says what is likely, 0: the likeliest (default: 0.8)')
    .option('--top-k <k>', 'only the k likeliest tokens can be drawn (default: all)')
    .option('--seed <n>', 'of what is drawn: the same one says the same (default: 1)')
    .option('--executor <name>', 'what runs the tensors (default: auto)')
    .action(async (run, options) =>
      done(await (await import('./commands/generate.ts')).generateText(run, options, io)),
    );

  program
    .command('check-env <environment>')
    .description('the conformance kit on an environment: a file (./mine.ts) or one of ours')
    .option('--json', 'print the findings as the last line of stdout')
    .action(async (environment, options) =>
      done(await (await import('./commands/check-env.ts')).checkEnv(environment, options, io)),
    );

  program
    .command('new <dir>')
    .description('a small project of your own: an environment, a scenario, a test')
    .action(async dir => done(await (await import('./commands/new.ts')).newProject(dir, io)));

  program
    .command('bench [suite]')
    .description('the benchmarks, or one suite of them')
    .option('--only <text>', 'only cases whose name contains this (tensors, language-model, ppo)')
    .option('--json', 'print the figures as the last line of stdout')
    .action(async (suite, options) =>
      done(await (await import('./commands/bench.ts')).bench(suite, options, io)),
    );

  program
    .command('doctor')
    .description('what this machine offers: executors, GPU, threads, versions')
    .option('--json', 'print it as the last line of stdout')
    .action(async options => done(await (await import('./commands/doctor.ts')).doctor(options, io)));

  return program;
}

const compareExamples = `
The first arm is the baseline. Examples:
  troupe compare runs/hopper/<run> runs/hopper/<other run>
  troupe compare hopper --set ppo.gamma=0.99 --against ppo.gamma=0.995
  troupe compare "slow=cart-pole --set ppo.learningRate=1e-4" "fast=cart-pole --set ppo.learningRate=1e-3"
  troupe compare runs/a runs/b --until-settled --require better`;

const gather = (value: string, before: string[]): string[] => [...before, value];
