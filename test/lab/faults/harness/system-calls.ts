import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ServerProcess } from '../../../support/server-process.js';

/** What a server did, in the order in which the system saw it. */
export interface Call {
  what: 'request' | 'sync' | 'answer';
  /** Whether the system did it. */
  isDone: boolean;
}

/** What is told of a thread's calls: `<thread> <seconds> fdatasync(21) = 0`, in two parts when another's came between. */
const LINES: readonly (readonly [Call['what'], RegExp])[] = [
  ['request', /\bread(?:\(\d+, | resumed>)"(?:GET|HEAD|POST|PUT|PATCH|DELETE) \//],
  ['sync', /\b(?:fdatasync|fsync)\b.*= (?<result>-?\d+)/],
  ['answer', /\bwritev?\(\d+, (?:\[\{iov_base=)?"HTTP\/1\.1 /],
];
const ATTACHED_MILLISECONDS = 10_000;

/** strace on a server: it writes down each request, sync and answer, and lets calls fail. */
export class SystemCalls {
  private constructor(
    private readonly strace: ChildProcess,
    private readonly folder: string,
  ) {}

  /**
   * Watches a server from now on.
   *
   * @param injection what goes wrong, as strace writes it; calls are counted from now.
   * @param file what alone is watched; absent = all files.
   */
  static async watch({ child }: ServerProcess, injection?: string, file?: string): Promise<SystemCalls> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-strace-'));
    const strace = spawn(
      'strace',
      [
        ...['-f', '-o', join(folder, 'calls'), '-e', 'trace=fdatasync,fsync,pwrite64,read,write,writev'],
        ...(injection === undefined ? [] : ['-e', `inject=${injection}`]),
        ...(file === undefined ? [] : ['-P', file]),
        ...['-p', String(child.pid)],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    strace.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    for (let waited = 0; !said.includes('attached'); waited += 10) {
      if (waited > ATTACHED_MILLISECONDS || strace.exitCode !== null) {
        throw new Error(`strace does not attach: ${said}`);
      }
      await pause(10);
    }
    return new SystemCalls(strace, folder);
  }

  /** Lets go of the server, and returns what was seen. */
  async stop(): Promise<Call[]> {
    if (this.strace.exitCode === null) {
      this.strace.kill('SIGINT');
      await once(this.strace, 'exit');
    }
    const lines = readFileSync(join(this.folder, 'calls'), 'utf8').split('\n');
    rmSync(this.folder, { recursive: true });
    return callsOf(lines);
  }
}

function callsOf(lines: readonly string[]): Call[] {
  return lines.flatMap((line) =>
    LINES.flatMap(([what, form]) => {
      const match = form.exec(line);
      return match ? [{ what, isDone: Number(match.groups?.result ?? 0) === 0 }] : [];
    }),
  );
}
