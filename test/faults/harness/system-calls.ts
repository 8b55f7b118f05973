import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ServerProcess } from '../../support/server-process.js';

/** A call that brings a file to the disk, in milliseconds since 1970 as `Date.now` counts, with fractions. */
export interface Sync {
  beginTime: number;
  endTime: number;
  isDone: boolean;
}

/** `<thread> <seconds> fdatasync(21) = 0 <seconds>`, and how it looks when another thread's call came between. */
const LINE = /^(\d+) +([\d.]+) (?:<\.\.\. )?(?:fdatasync|fsync)\b.*= (-?\d+)[^<]*<([\d.]+)>$/;
const ATTACHED_MILLISECONDS = 10_000;

/** strace on a server: it writes down each sync, and lets calls fail. */
export class SystemCalls {
  private constructor(
    private readonly strace: ChildProcess,
    private readonly folder: string,
  ) {}

  /**
   * Watches the syncs of a server from now on.
   *
   * @param injection what goes wrong, as strace writes it; calls are counted from now.
   */
  static async watch({ child }: ServerProcess, injection?: string): Promise<SystemCalls> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-strace-'));
    const strace = spawn(
      'strace',
      [
        ...['-f', '-ttt', '-T', '-o', join(folder, 'calls'), '-e', 'trace=fdatasync,fsync,pwrite64'],
        ...(injection === undefined ? [] : ['-e', `inject=${injection}`]),
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
  async stop(): Promise<Sync[]> {
    if (this.strace.exitCode === null) {
      this.strace.kill('SIGINT');
      await once(this.strace, 'exit');
    }
    const lines = readFileSync(join(this.folder, 'calls'), 'utf8').split('\n');
    rmSync(this.folder, { recursive: true });
    return syncsOf(lines);
  }
}

function syncsOf(lines: readonly string[]): Sync[] {
  const begun = new Map<string, number>();
  return lines.flatMap((line) => {
    const [, thread = '', time = ''] = /^(\d+) +([\d.]+) /.exec(line) ?? [];
    if (line.endsWith('<unfinished ...>')) {
      begun.set(thread, Number(time) * 1_000);
    }
    const [, , , result, seconds] = LINE.exec(line) ?? [];
    if (seconds === undefined) {
      return [];
    }
    const beginTime = line.includes('resumed>') ? (begun.get(thread) ?? NaN) : Number(time) * 1_000;
    return [{ beginTime, endTime: beginTime + Number(seconds) * 1_000, isDone: result === '0' }];
  });
}
