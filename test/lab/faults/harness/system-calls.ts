import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ServerProcess } from '../../../support/server-process.js';

/** A system call of the server, in the order of the kernel. */
export interface Call {
  what: 'request' | 'sync' | 'response';
  /** Whether the call succeeded. */
  isDone: boolean;
}

/** Lines of strace: `<thread> fdatasync(21) = 0`, in two parts if another thread's call came in between. */
const LINES: readonly (readonly [Call['what'], RegExp])[] = [
  ['request', /\bread(?:\(\d+, | resumed>)"(?:GET|HEAD|POST|PUT|PATCH|DELETE) \//],
  ['sync', /\b(?:fdatasync|fsync)\b.*= (?<result>-?\d+)/],
  ['response', /\bwritev?\(\d+, (?:\[\{iov_base=)?"HTTP\/1\.1 /],
];
const ATTACHED_MILLISECONDS = 10_000;

/** Runs strace on a server, to record requests, syncs and responses, and to let calls fail. */
export class SystemCalls {
  private constructor(
    private readonly strace: ChildProcess,
    private readonly folder: string,
  ) {}

  /**
   * Attaches to a server.
   *
   * @param injection the failure in the syntax of strace; calls count from now on.
   * @param file the only file to watch; all files if absent.
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
    let output = '';
    strace.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    for (let waited = 0; !output.includes('attached'); waited += 10) {
      if (waited > ATTACHED_MILLISECONDS || strace.exitCode !== null) {
        throw new Error(`strace does not attach: ${output}`);
      }
      await pause(10);
    }
    return new SystemCalls(strace, folder);
  }

  /** Detaches and returns the recorded calls. */
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
