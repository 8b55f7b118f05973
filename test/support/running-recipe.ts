import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.mjs';

const START_MILLISECONDS = 20_000;

/** A program to run, in a folder of its own. */
export interface Command {
  program: string;
  arguments: string[];
  /** Files of the folder, by name. */
  files: Record<string, string>;
  environment?: Record<string, string>;
}

/** A recipe of a page that runs as a process of its own, on a free port of loopback. */
export class RunningRecipe {
  private constructor(
    readonly baseUrl: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts a recipe and waits until it listens. */
  static async start(commandIn: (folder: string, port: number) => Command): Promise<RunningRecipe> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-recipe-'));
    const port = await freePort();
    const { program, arguments: words, files, environment } = commandIn(folder, port);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content);
    }
    const child = spawn(program, words, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: 'pipe',
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
    }
    const recipe = new RunningRecipe(`http://127.0.0.1:${port}`, folder, child);
    const deadline = Date.now() + START_MILLISECONDS;
    while (!(await isListening(port))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        await recipe.stop();
        throw new Error(`The recipe did not start: ${output.join('')}`);
      }
      await pause(50);
    }
    return recipe;
  }

  /** Ends it, and removes its folder. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'close');
    }
    rmSync(this.folder, { recursive: true });
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
