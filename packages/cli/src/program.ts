import { Command, CommanderError } from '@commander-js/extra-typings';
import { catalogue, type CatalogueEntry } from './catalogue.ts';
import { createCli, type Cli, type GlobalOptions } from './cli.ts';
import { exitCodes, isCallError, toFailure, UsageError, type FailureDocument } from './failure.ts';
import { positiveNumber } from './options.ts';
import { createPaint } from './terminal/paint.ts';
import { plain, plainLines } from './terminal/plain.ts';
import type { Surroundings } from './terminal/streams.ts';

/**
 * Runs one command line to its end and answers its exit code (docs/cli.md); `up` answers while the stack goes on
 * running. Never throws: what went wrong is told on standard error.
 */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { program, cli } = await buildProgram(surroundings, entriesFor(args), { isQuiet: wantsJson(args) });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return endOfParsing(error, surroundings, args);
    return await tellFailure(error, cli);
  }
}

/** The program with these commands. `isQuiet`: what is wrong with the arguments is told by the caller. */
export async function buildProgram(
  surroundings: Surroundings,
  entries: readonly CatalogueEntry[],
  { isQuiet = false }: { isQuiet?: boolean } = {},
): Promise<{ program: Command; cli: Cli }> {
  const { stdout, stderr } = surroundings;
  const program = new Command('carillon')
    .description('Runs Carillon, sends notifications and shows what became of them.')
    .usage('[options] <command>')
    .option('--json', 'answer in JSON: one document, or one on each line')
    .option('--url <url>', 'the API to call (CARILLON_URL)')
    .option('--token <token>', 'the credential to call it with (better: CARILLON_TOKEN, CARILLON_TOKEN_FILE)')
    .option('--demo', 'call the local stack as its demo user')
    .option('--timeout <seconds>', 'how long one call may take, 30 seconds unless told', positiveNumber)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: (text, write) => (isQuiet ? undefined : write(text)),
    })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showSuggestionAfterError()
    .helpCommand('help [command]', 'show what a command does')
    .addHelpText('after', '\ndocs/cli.md tells more, and what exit codes mean.');
  const cli = createCli(surroundings, (): GlobalOptions => program.opts());
  for (const add of await Promise.all(entries.map(({ load }) => load()))) add(program, cli);
  return { program: program as unknown as Command, cli };
}

/** All of them where the first word names none: for the help, and for the hint at what was meant; and to complete them. */
function entriesFor(args: readonly string[]): readonly CatalogueEntry[] {
  const named = catalogue.filter(
    ({ name, aliases = [] }) => name === args[0] || aliases.includes(args[0] ?? ''),
  );
  return named.length > 0 && args[0] !== 'completion' ? named : catalogue;
}

/** Before the arguments are parsed: they may be what is wrong. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes('--json');
}

/** Commander has told what is wrong, in words; a program that asked for JSON gets them as JSON. */
function endOfParsing(error: CommanderError, { stderr }: Surroundings, args: readonly string[]): number {
  if (error.exitCode === 0) return exitCodes.ok;
  if (wantsJson(args) && error.code !== 'commander.help') {
    const message = error.message.replace(/^error: /, '');
    tellDocument(stderr, {
      error: {
        ...{ code: 'cli.usage', message, exit_code: exitCodes.usage, status: null },
        ...{ request_id: null, retryable: false, errors: [] },
      },
    });
  }
  return exitCodes.usage;
}

async function tellFailure(error: unknown, cli: Cli): Promise<number> {
  const failure = toFailure(error, urlOf(cli));
  const { code, message, exit_code: exitCode, request_id: requestId, errors } = failure.error;
  const shown = await redacted(error, message);
  if (cli.isJson()) {
    tellDocument(cli.stderr, { error: { ...failure.error, message: shown } });
    return exitCode;
  }
  const paint = createPaint(cli, cli.stderr);
  const tell = (line: string): void => void cli.stderr.write(`${line}\n`);
  const [first = '', ...rest] = plainLines(shown);
  tell(`${paint('bad', 'carillon:')} ${first}`);
  for (const line of rest) tell(`  ${line}`);
  for (const { pointer, detail } of errors) tell(plain(`  ${pointer ? `${pointer} ` : ''}${detail}`));
  if (requestId !== null) tell(paint('dim', `  ${code}, request ${requestId}`));
  return exitCode;
}

/** Errors of a database or of a file may quote a URL with its password; those of calls and of ours do not. */
async function redacted(error: unknown, message: string): Promise<string> {
  const isKnown = isCallError(error) || error instanceof UsageError;
  return isKnown ? message : (await import('@carillon/runtime')).redactText(message);
}

function tellDocument(stderr: Surroundings['stderr'], document: FailureDocument): void {
  stderr.write(`${JSON.stringify(document)}\n`);
}

function urlOf(cli: Cli): string | undefined {
  try {
    return cli.connection().url;
  } catch {
    return undefined;
  }
}
