import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerifierStatus } from '@latchkey/client/verifier';
import { type Headers } from './api-client.js';
import { buildExample, type EXAMPLES } from './build-example.mjs';
import { freePort } from './free-port.mjs';
import { recordOutput } from './server-process.js';
import { waitUntil } from './wait-until.js';

/** Name of an example. */
export type Example = keyof typeof EXAMPLES;

/** Example application in its own process, with the client library of this repository. */
export class ExampleProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly chunks: string[],
    private readonly folder: string,
  ) {}

  /**
   * Starts an example and waits until it responds.
   *
   * @param tokenFile file with the token. By default, the example has its own.
   */
  static async start(
    example: Example,
    latchkeyUrl: string,
    token: string,
    tokenFile?: string,
  ): Promise<ExampleProcess> {
    const { folder, program, script, environment } = await buildExample(example);
    const ownFile = join(folder, 'token');
    await writeFile(ownFile, token);
    const port = await freePort();
    const own = {
      PORT: String(port),
      AUTH_URL: latchkeyUrl,
      AUTH_TOKEN: token,
      AUTH_TOKEN_FILE: tokenFile ?? ownFile,
    };
    const child = spawn(program, [script], {
      env: { PATH: process.env.PATH, ...own, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks = recordOutput(child);
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
  async health(): Promise<VerifierStatus> {
    return (await (await this.get('/health')).json()) as VerifierStatus;
  }

  /** Stops the example like a supervisor and returns its exit code, or the signal that ended it. */
  async stop(): Promise<number | NodeJS.Signals | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'close');
    }
    await rm(this.folder, { recursive: true, force: true });
    return this.child.exitCode ?? this.child.signalCode;
  }
}
