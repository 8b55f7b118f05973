import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type ServerLoader } from '../../apps/api/src/cli/server-loader.js';
import { CHEAP_HASHES } from './factories.js';
import { recordOutput, type Environment } from './server-process.js';

const PROGRAM = join(process.cwd(), 'apps/api/bin/latchkey.cjs');

/** Result of a command. */
export interface CommandOutcome {
  code: number | null;
  /** Standard output. */
  output: string;
  /** Standard error. */
  errors: string;
}

/** Hashes passwords at minimal cost, like the servers of tests. */
export const LOADER: ServerLoader = {
  openApplication: async (config, socketPath) => {
    const { openApplication } = await import('../../apps/api/src/open-application.js');
    Object.assign(config.argon2, CHEAP_HASHES);
    return openApplication(config, socketPath);
  },
  entities: async () => (await import('../../apps/api/src/app.module.js')).ENTITIES,
};

/** The command that runs, because a process has one working directory. */
let running: Promise<unknown> = Promise.resolve();

/**
 * Command line with the environment of one server. It runs in the process of the test, one command at a time,
 * which takes a tenth of the time of a process.
 */
export class CommandLine {
  /** @param folder working directory of the commands. */
  constructor(
    protected readonly environment: Environment,
    protected readonly folder: string,
  ) {}

  /** Runs a command. @param input standard input. */
  run(args: readonly string[], input = ''): Promise<CommandOutcome> {
    const outcome = running.then(() => this.runHere(args, input));
    running = outcome.catch(() => undefined);
    return outcome;
  }

  /** Runs a command that must succeed and returns its result. */
  async json<Result>(...args: string[]): Promise<Result> {
    const { code, output, errors } = await this.run([...args, '--json']);
    if (code !== 0) {
      throw new Error(`latchkey ${args.join(' ')} exited with ${code}: ${errors}`);
    }
    return JSON.parse(output) as Result;
  }

  /** Runs a command that must fail and returns its error. */
  async failure(...args: string[]): Promise<{ code: string; message: string }> {
    const { code, errors } = await this.run([...args, '--json']);
    if (code !== 1) {
      throw new Error(`latchkey ${args.join(' ')} exited with ${code}, not with 1: ${errors}`);
    }
    return (JSON.parse(errors) as { error: { code: string; message: string } }).error;
  }

  private async runHere(args: readonly string[], input: string): Promise<CommandOutcome> {
    const { runProgram } = await import('../../apps/api/src/cli/program/run-program.js');
    const [stdin, stdout, stderr] = [
      Readable.from([Buffer.from(input)]),
      new PassThrough(),
      new PassThrough(),
    ];
    const written = Promise.all([text(stdout), text(stderr)]);
    const [folder, umask] = [process.cwd(), process.umask()];
    process.chdir(this.folder);
    try {
      const code = await runProgram(args, LOADER, { env: { ...this.environment }, stdin, stdout, stderr });
      stdout.end();
      stderr.end();
      const [output, errors] = await written;
      return { code, output, errors };
    } finally {
      process.chdir(folder);
      process.umask(umask);
    }
  }
}

/** The same as a process: for exit codes, signals, pipes, parallel commands, and what Node itself reads. */
export class CommandProcess extends CommandLine {
  override run(args: readonly string[], input = ''): Promise<CommandOutcome> {
    return new Promise((resolve, reject) => {
      const child = this.spawn(args);
      const outcome = { output: '', errors: '' };
      child.stdout.on('data', (chunk: string) => (outcome.output += chunk));
      child.stderr.on('data', (chunk: string) => (outcome.errors += chunk));
      child.on('error', reject).on('close', (code) => resolve({ code, ...outcome }));
      // A program may exit without reading its input.
      child.stdin.on('error', () => undefined).end(input);
    });
  }

  /** Starts a command. Its output is text in UTF-8. */
  spawn(args: readonly string[]): ChildProcessWithoutNullStreams {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, ...this.environment },
    });
    recordOutput(child);
    return child;
  }
}
