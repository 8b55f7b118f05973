import { Command, CommanderError } from 'commander';
import { ConfigurationError } from '../../config/configuration-error.js';
import { readEnvFile } from '../../config/env-file.js';
import { type OpenApplication } from '../own/application.js';
import { CommandError, type CommandFailure } from '../command-failure.js';
import { Output } from './output.js';
import { SUBCOMMANDS } from './subcommands.js';
import { Shell } from './shell.js';

const FAILED = 1;
const WRONG_USAGE = 2;

const INTRODUCTION = `Latchkey on the command line: for when the console cannot help, and for scripts.

While the server runs on SQLite, it does what you ask for; while it is stopped,
and on PostgreSQL, this program does. Run it where the server runs, as the
account it runs as, in the same folder, with the same environment.`;

const EPILOGUE = `
Exit codes: 0 done, 1 failed or found something wrong, 2 not understood.`;

/** Runs what was typed, and returns the exit code. */
export async function runProgram(args: readonly string[], openApplication: OpenApplication): Promise<number> {
  const shell = new Shell(openApplication);
  // Whatever reads the output may have seen enough, such as head.
  process.stdout.on('error', () => process.exit(FAILED));
  try {
    // What is made here is nobody else's to read.
    process.umask(0o077);
    readEnvFile();
    await programOf(shell).parseAsync(args, { from: 'user' });
    return shell.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : WRONG_USAGE;
    }
    shell.output.failure(failureOf(error));
    return FAILED;
  }
}

function programOf(shell: Shell): Command {
  const program = new Command('latchkey')
    .description(INTRODUCTION)
    .option('--json', 'print results, and errors, as JSON')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Type latchkey --help for all there is.')
    .addHelpText('after', EPILOGUE)
    .exitOverride()
    .hook('preAction', (_program, command) => {
      shell.output = new Output(command.optsWithGlobals<{ json?: boolean }>().json === true);
    });
  for (const add of SUBCOMMANDS) {
    add(program, shell);
  }
  return program;
}

function failureOf(error: unknown): CommandFailure {
  if (error instanceof CommandError) {
    return error.failure;
  }
  const { message } = error instanceof Error ? error : new Error(String(error));
  return {
    code: error instanceof ConfigurationError ? 'configuration' : 'command_line',
    message: message.replace(/\s*\n\s*/g, ' '),
  };
}
