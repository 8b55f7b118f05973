import { fileURLToPath } from 'node:url';
import { Command, CommanderError, Help, type AddHelpTextContext } from 'commander';
import { ConfigurationError } from '../../common/application-error.js';
import { LATCHKEY } from '../../common/program-name.js';
import { VERSION } from '../../common/version.js';
import { ENV_FILE } from '../../platform/config/environment-file.js';
import { readSettings } from '../read-settings.js';
import { type ServerLoader } from '../server-loader.js';
import { CommandError, type CommandFailure } from '../command-error.js';
import { RepeatableOption } from './option-values.js';
import { Output, type ProgramProcess } from './output.js';
import { SUBCOMMANDS } from './subcommands.js';
import { Shell } from './shell.js';

const FAILED = 1;
const WRONG_USAGE = 2;

/** Commander's error code when it prints the help because a command is missing. */
const MISSING_COMMAND = 'commander.help';

/** Columns of help that no terminal shows. */
const HELP_WIDTH = 80;

const HELP_HINT = 'Use --help for all commands and options.';

/** Commands that need no settings, or that report an unreadable settings file themselves. */
const WITHOUT_SETTINGS = new Set(['init', 'doctor']);

const INTRODUCTION = `Latchkey is a self-hosted authentication server for REST APIs.

To start, run these in the folder for its settings and data:
    ${LATCHKEY} config init   writes all settings to .env
    ${LATCHKEY} serve         serves the API and the console

All other commands administer that server. Run them in its folder, with its
account and environment. Like the server, they read .env there.
If something does not work, run ${LATCHKEY} doctor.`;

/** Commands that the help lists. It lists the others only with `--all`. */
const COMMON_COMMANDS = new Set([
  'serve',
  'config',
  'doctor',
  'create-admin',
  'create-user',
  'reset-password',
  'create-token',
  'revoke',
  'backup',
  'restore',
]);

/** In the root folder of the package, as seen from this file in `dist`. */
const DOCUMENTATION = fileURLToPath(new URL('../../../../../../docs/README.md', import.meta.url));

const EPILOGUE = `
For all commands, run ${LATCHKEY} --all.
Documentation: ${DOCUMENTATION}
A running server describes its API at /docs. Each command has --help.

Exit codes: 0 success, 1 failure or problem found, 2 wrong use.`;

/** Runs the program and returns the exit code. Without arguments it prints the help, like `--help`. */
export async function runProgram(
  args: readonly string[],
  loader: ServerLoader,
  ownProcess: ProgramProcess,
): Promise<number> {
  const isJson = asksForJson(args);
  const shell = new Shell(loader, new Output(isJson, ownProcess), ownProcess);
  try {
    // Other users of the system must not read the files that commands create.
    process.umask(0o077);
    await programOf(shell, isJson, asksForAll(args)).parseAsync(withHelpOption(args), { from: 'user' });
    return shell.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return reportUsage(error, shell, isJson);
    }
    shell.output.failure(failureOf(error));
    return FAILED;
  }
}

/**
 * Turns `help config init` into `config init --help`, because Commander reads only one name. Turns an empty
 * command line into `--help` and does the same with `--all`.
 */
function withHelpOption(args: readonly string[]): readonly string[] {
  if (asksForAll(args)) {
    return ['--help'];
  }
  const [first, ...names] = args;
  return first === undefined || first === 'help' ? [...names, '--help'] : args;
}

/** Whether the help must list all commands. `--all` after a command is an option of that command. */
function asksForAll(args: readonly string[]): boolean {
  return args.includes('--all') && args.every((arg) => ['--all', '--help', 'help'].includes(arg));
}

/**
 * Whether `--json` is given. Checked before the arguments are parsed, so that errors in them are printed as
 * JSON too.
 */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes('--json');
}

/**
 * Returns the exit code after help or invalid arguments. Commander has already printed the text; this prints
 * the JSON.
 */
function reportUsage({ exitCode, code, message }: CommanderError, shell: Shell, isJson: boolean): number {
  if (exitCode === 0) {
    return 0;
  }
  if (isJson) {
    const problem =
      code === MISSING_COMMAND ? 'a command is missing' : message.replace(/^error: |\.?\s*$/g, '');
    shell.output.failure({ code: 'command_line', message: `${inOneLine(problem)}. ${HELP_HINT}` });
  }
  return WRONG_USAGE;
}

function programOf(shell: Shell, isJson: boolean, listsAll: boolean): Command {
  const { env, stdout, stderr } = shell.process;
  const program = new Command('latchkey')
    .description(INTRODUCTION)
    .option('--json', 'print results and errors as JSON')
    // Not --env-file, which Node interprets itself at any position.
    .option('--environment-file <file>', 'read this file instead of .env; the environment takes precedence')
    .configureHelp({
      showGlobalOptions: true,
      formatHelp: (command, help) =>
        new Help().formatHelp(command, listsAll ? help : withCommonCommands(help)),
    })
    .version(isJson ? JSON.stringify({ version: VERSION }, null, 2) : VERSION)
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void (isJson || stderr.write(text)),
      getOutHelpWidth: () => stdout.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => stderr.columns ?? HELP_WIDTH,
    })
    .showHelpAfterError(HELP_HINT)
    .addHelpText('beforeAll', rejectUnknownCommand)
    .addHelpText('after', EPILOGUE)
    .exitOverride();
  program.hook('preAction', (_, command) => {
    if (!WITHOUT_SETTINGS.has(command.name())) {
      const reason = readSettings(env, program.opts<{ environmentFile?: string }>().environmentFile);
      if (reason !== undefined) {
        shell.output.note(
          `Ignored ${ENV_FILE} in this folder, because ${reason}. If your server reads it, add --environment-file ${ENV_FILE}.`,
        );
      }
    }
  });
  for (const [heading, adders] of Object.entries(SUBCOMMANDS)) {
    program.commandsGroup(`${heading}:`);
    adders.forEach((add) => add(program, shell));
  }
  program.commandsGroup('Help:').helpCommand(true);
  rejectRepeatedOptions(program);
  program.commands.forEach((command) => command.hook('preSubcommand', rejectBeforeDefault));
  return program;
}

/**
 * Leaves all other commands of the program out of the help. Suggestions for unknown commands still have them.
 */
function withCommonCommands(help: Help): Help {
  const all = help.visibleCommands.bind(help);
  help.visibleCommands = (command) =>
    all(command).filter((each) => command.parent !== null || COMMON_COMMANDS.has(each.name()));
  return help;
}

/** Rejects an option with one value that is given twice. Commander would silently use the last value. */
function rejectRepeatedOptions(command: Command): void {
  for (const option of command.options) {
    if (option.required && !(option instanceof RepeatableOption)) {
      let isGiven = false;
      command.on(`option:${option.name()}`, () => {
        if (isGiven) {
          command.error(`error: option '${option.flags}' may be given only once`);
        }
        isGiven = true;
      });
    }
  }
  command.commands.forEach(rejectRepeatedOptions);
}

/**
 * Rejects an unknown command before `--help`. Commander would print the help of the parent and exit with 0.
 */
function rejectUnknownCommand({ command }: AddHelpTextContext): string {
  const [name] = command.args.filter((word) => !word.startsWith('-') && word !== 'help');
  if (name !== undefined && command.commands.length > 0 && !isKnown(name, command)) {
    reportUnknownCommand(name, command);
  }
  return '';
}

/**
 * Rejects an unknown command whose parent has a default command. Commander would pass it to the default
 * command as an argument.
 */
function rejectBeforeDefault(parent: Command): void {
  const [name] = parent.args;
  if (name !== undefined && !name.startsWith('-') && !isKnown(name, parent)) {
    reportUnknownCommand(name, parent);
  }
}

function isKnown(name: string, parent: Command): boolean {
  return parent.commands.some((known) => known.name() === name);
}

/** Fails like Commander, which suggests a similar name only while it parses a command without a default. */
function reportUnknownCommand(name: string, parent: Command): void {
  const parser = new Command(parent.name()).copyInheritedSettings(parent);
  parent.commands.forEach((known) => parser.command(known.name()));
  parser.parse([name], { from: 'user' });
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
