import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { type Environment } from './server-process.js';

const PROGRAM = join(process.cwd(), 'apps/api/bin/latchkey.cjs');

/** Result of a command. */
export interface CommandOutcome {
  code: number | null;
  /** Standard output. */
  output: string;
  /** Standard error. */
  errors: string;
}

/** Built command line with the environment of one server. */
export class CommandLine {
  /** @param folder working directory of the commands. */
  constructor(
    private readonly environment: Environment,
    private readonly folder: string,
  ) {}

  /** Runs a command. @param input standard input. */
  run(args: readonly string[], input = ''): Promise<CommandOutcome> {
    return new Promise((resolve, reject) => {
      const child = this.spawn(args);
      const outcome = { output: '', errors: '' };
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (outcome.output += chunk));
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (outcome.errors += chunk));
      child.on('error', reject).on('close', (code) => resolve({ code, ...outcome }));
      // A program may exit without reading its input.
      child.stdin.on('error', () => undefined).end(input);
    });
  }

  /** Starts a command. */
  spawn(args: readonly string[]): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [PROGRAM, ...args], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, ...this.environment },
    });
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
}
