import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CommandLine, CommandProcess } from '../command-line.js';
import { codeOnPage } from './code-on-page.js';
import { Npx } from './npx.js';

/** Text of the page with its replacement in the tests, such as an address or a folder. */
export type Replacements = Record<string, string>;

/** The shell commands of a page, to run block by block. */
export class CommandsOnPage {
  private readonly left: Set<string>;

  constructor(
    readonly page: string,
    /** Variables added to the environment of the tests. */
    readonly environment: Record<string, string>,
    readonly replacements: Replacements,
  ) {
    this.left = new Set(codeOnPage(page, 'sh'));
  }

  /** Blocks that have not run yet. */
  get notRun(): string[] {
    return [...this.left];
  }

  /**
   * Runs the first remaining block that contains a text and returns its standard output.
   *
   * @throws Error if one of its commands fails.
   */
  run(containing: string): Promise<string> {
    return this.shell(this.take(containing), CommandLine);
  }

  /**
   * The same with each `latchkey` as a process, which takes longer: for commands that open a database
   * themselves while a server runs in the process of the test, which can have one application.
   */
  runAsProcesses(containing: string): Promise<string> {
    return this.shell(this.take(containing), CommandProcess);
  }

  private take(containing: string): string {
    const block = [...this.left].find((code) => code.includes(containing));
    if (block === undefined) {
      throw new Error(`The page has no remaining block with ${containing}`);
    }
    this.left.delete(block);
    return block;
  }

  private async shell(block: string, kind: typeof CommandLine): Promise<string> {
    const here = Object.entries(this.replacements).reduce(
      (text, [from, to]) => text.replaceAll(from, to),
      block,
    );
    const npx = await Npx.start(kind);
    const environment: NodeJS.ProcessEnv = { ...process.env, ...this.environment };
    const child = spawn('bash', ['-euo', 'pipefail', '-c', here], {
      env: { ...environment, PATH: `${npx.folder}:${environment.PATH}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: string[] = [];
    const errors: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => errors.push(chunk));
    const [code] = (await once(child, 'close')) as [number];
    npx.remove();
    if (code !== 0) {
      throw new Error(`${here} exited with ${code}: ${output.join('')}${errors.join('')}`);
    }
    return output.join('');
  }
}
