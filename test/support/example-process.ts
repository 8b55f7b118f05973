import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { type Headers } from './api-client.js';
import { buildExample, type EXAMPLES } from './build-example.mjs';
import { PYTHON, PYTHON_ENVIRONMENT } from './external-programs.js';
import { freePort } from './free-port.mjs';
import { waitUntil } from './use-replicas.js';

/** Examples with the client for Python. */
export const PYTHON_EXAMPLES = {
  flask: 'examples/flask/app.py',
  fastapi: 'examples/fastapi/app.py',
  django: 'examples/django/app.py',
};

/** Name of an example. */
export type Example = keyof typeof EXAMPLES | keyof typeof PYTHON_EXAMPLES;

/** Example application in its own process, with the client library of this repository. */
export class ExampleProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly chunks: string[],
    private readonly folder: string | undefined,
  ) {}

  /** Starts an example and waits until it responds. */
  static async start(example: Example, latchkeyUrl: string, token: string): Promise<ExampleProcess> {
    const { program, script, folder, environment } = await programOf(example);
    const port = await freePort();
    const child = spawn(program, [script], {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        AUTH_URL: latchkeyUrl,
        AUTH_TOKEN: token,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    }
    const started = new ExampleProcess(child, `http://127.0.0.1:${port}`, chunks, folder);
    await waitUntil(() => {
      if (child.exitCode !== null) {
        throw new Error(`The example ${example} did not start: ${started.output}`);
      }
      return started.get('/health').then(
        ({ status }) => status === 200,
        () => false,
      );
    });
    return started;
  }

  /** Standard output and standard error. */
  get output(): string {
    return this.chunks.join('');
  }

  get(path: string, headers: Headers = {}): Promise<Response> {
    return fetch(this.url + path, { headers });
  }

  /** Returns the state of the verifier. */
  async health(): Promise<{ connected: boolean; fresh: boolean; local: number; asked: number }> {
    return (await (await this.get('/health')).json()) as never;
  }

  /** Stops the example like a supervisor and returns its exit code, or the signal that ended it. */
  async stop(): Promise<number | NodeJS.Signals | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'close');
    }
    if (this.folder !== undefined) {
      await rm(this.folder, { recursive: true, force: true });
    }
    return this.child.exitCode ?? this.child.signalCode;
  }
}

interface Program {
  program: string;
  script: string;
  /** Folder to remove at the end. */
  folder?: string;
  environment?: Record<string, string>;
}

/** Returns the program of an example, with the client library of this repository. */
async function programOf(example: Example): Promise<Program> {
  if (example in PYTHON_EXAMPLES) {
    const script = PYTHON_EXAMPLES[example as keyof typeof PYTHON_EXAMPLES];
    return { program: PYTHON, script, environment: PYTHON_ENVIRONMENT };
  }
  return { program: process.execPath, ...(await buildExample(example as keyof typeof EXAMPLES)) };
}
