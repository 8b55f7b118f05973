import { existsSync } from 'node:fs';
import { Command, CommanderError, type AddHelpTextContext } from 'commander';
import { ConfigurationError } from '../../platform/config/configuration-error.js';
import { VERSION } from '../../common/version.js';
import { ENV_FILE } from '../../platform/config/env-file.js';
import { type Insides } from '../own/application.js';
import { CommandError, type CommandFailure } from '../command-failure.js';
import { describeFileError } from './describe-file-error.js';
import { Output } from './output.js';
import { SUBCOMMANDS } from './subcommands.js';
import { Shell } from './shell.js';

const FAILED = 1;
const WRONG_USAGE = 2;

/** What commander calls an end with the help, where a command was expected. */
const HELP_INSTEAD = 'commander.help';

const WHERE_HELP_IS = '--help lists all there is.';

const INTRODUCTION = `Latchkey on the command line: for when the console cannot help, and for scripts.

While the server runs on SQLite, it does what you ask for; while it is stopped,
and on PostgreSQL, this program does. Run it where the server runs, as the
account it runs as, in the same folder, with the same environment. A server
that is started with a .env file needs --environment-file .env here.`;

const EPILOGUE = `
Exit codes: 0 done, 1 failed or found something wrong, 2 not understood.`;

/** Runs what was typed, and returns the exit code. */
export async function runProgram(args: readonly string[], insides: Insides): Promise<number> {
  const isJson = asksForJson(args);
  const shell = new Shell(insides, new Output(isJson));
  // Whatever reads the output may have seen enough, such as head.
  process.stdout.on('error', () => process.exit(FAILED));
  try {
    // What is made here is nobody else's to read.
    process.umask(0o077);
    await programOf(shell, isJson).parseAsync(args, { from: 'user' });
    return shell.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return endUsage(error, shell, isJson);
    }
    shell.output.failure(failureOf(error));
    return FAILED;
  }
}

/** Known before the arguments are understood, so that what is wrong with them is told in the form asked for. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes('--json');
}

/** Ends after the help, or after arguments that are not understood; people were told by then. */
function endUsage({ exitCode, code, message }: CommanderError, shell: Shell, isJson: boolean): number {
  if (exitCode === 0) {
    return 0;
  }
  if (isJson) {
    const told = code === HELP_INSTEAD ? 'a command is missing' : message.replace(/^error: |\.?\s*$/g, '');
    shell.output.failure({ code: 'command_line', message: `${inOneLine(told)}. ${WHERE_HELP_IS}` });
  }
  return WRONG_USAGE;
}

function programOf(shell: Shell, isJson: boolean): Command {
  const program = new Command('latchkey')
    .description(INTRODUCTION)
    .option('--json', 'print results, and errors, as JSON')
    // Not --env-file: Node takes that for its own, wherever it stands.
    .option(
      '--environment-file <file>',
      'read variables from this file, as the server does from .env; the environment wins',
    )
    .configureHelp({ showGlobalOptions: true })
    .version(isJson ? JSON.stringify({ version: VERSION }, null, 2) : VERSION)
    .configureOutput(isJson ? { writeErr: () => undefined } : {})
    .showHelpAfterError(WHERE_HELP_IS)
    .addHelpText('beforeAll', rejectUnknownCommand)
    .addHelpText('after', EPILOGUE)
    .exitOverride();
  program.hook('preAction', () =>
    readEnvFile(shell, program.opts<{ environmentFile?: string }>().environmentFile),
  );
  for (const add of SUBCOMMANDS) {
    add(program, shell);
  }
  return program;
}

/**
 * Reads the file that was named, and no other: a `.env` in the folder where a command is typed may be somebody else's, and
 * would decide which database and which server get the command.
 */
function readEnvFile(shell: Shell, file: string | undefined): void {
  if (file !== undefined) {
    try {
      process.loadEnvFile(file);
    } catch (error) {
      throw CommandError.of(`${file} cannot be read: ${describeFileError(error)}.`);
    }
  } else if (existsSync(ENV_FILE)) {
    shell.output.note(
      `Ignored the .env file in this folder. If it belongs to your server, use --environment-file ${ENV_FILE}.`,
    );
  }
}

/** Commander shows the help of the parent, and exits with 0, when `--help` follows a command that does not exist. */
function rejectUnknownCommand({ command }: AddHelpTextContext): string {
  const [name] = command.args.filter((word) => !word.startsWith('-') && word !== 'help');
  const { commands } = command;
  if (name !== undefined && commands.length > 0 && !commands.some((known) => known.name() === name)) {
    command.error(`error: unknown command '${name}'`);
  }
  return '';
}

function failureOf(error: unknown): CommandFailure {
  if (error instanceof CommandError) {
    return error.failure;
  }
  const { message } = error instanceof Error ? error : new Error(String(error));
  return {
    code: error instanceof ConfigurationError ? 'configuration' : 'command_line',
    message: inOneLine(message),
  };
}

function inOneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
