import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Environment } from './server-process.js';

const PROGRAM = join(process.cwd(), 'apps/api/bin/latchkey.cjs');

/** How a command of the command line ended. */
export interface CommandOutcome {
  code: number | null;
  /** What it wrote to standard output. */
  output: string;
  /** What it wrote to standard error. */
  errors: string;
}

/** The built command line, with the environment of one server. */
export class CommandLine {
  /** @param folder where commands are typed. */
  constructor(
    private readonly environment: Environment,
    private readonly folder: string,
  ) {}

  /** Types a command. @param input what is on standard input. */
  run(args: readonly string[], input = ''): Promise<CommandOutcome> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [PROGRAM, ...args], {
        cwd: this.folder,
        env: { PATH: process.env.PATH, ...this.environment },
      });
      const outcome = { output: '', errors: '' };
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (outcome.output += chunk));
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (outcome.errors += chunk));
      child.on('error', reject).on('close', (code) => resolve({ code, ...outcome }));
      // A program that ends without reading it is none of the test's business.
      child.stdin.on('error', () => undefined).end(input);
    });
  }

  /** Types a command that must succeed, and returns its result. */
  async json<Result>(...args: string[]): Promise<Result> {
    const { code, output, errors } = await this.run([...args, '--json']);
    if (code !== 0) {
      throw new Error(`latchkey ${args.join(' ')} ended with ${code}: ${errors}`);
    }
    return JSON.parse(output) as Result;
  }

  /** Types a command that must fail, and returns why it did. */
  async failure(...args: string[]): Promise<{ code: string; message: string }> {
    const { code, errors } = await this.run([...args, '--json']);
    if (code !== 1) {
      throw new Error(`latchkey ${args.join(' ')} ended with ${code} and not with 1: ${errors}`);
    }
    return (JSON.parse(errors) as { error: { code: string; message: string } }).error;
  }
}
