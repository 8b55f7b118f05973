import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** Default number of threads in libuv's pool. */
const DEFAULT_THREADS = 4;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-threads-'));
  writeFileSync(join(folder, 'cores.cjs'), `require('node:os').availableParallelism = () => 7;`);
  writeFileSync(
    join(folder, 'main.mjs'),
    `import { readdirSync } from 'node:fs';
     import { stat } from 'node:fs/promises';
     import { getPriority } from 'node:os';
     await stat('.');
     const threads = readdirSync('/proc/self/task').map(Number);
     const nice = threads.filter((id) => getPriority(id) > getPriority(process.pid));
     console.log(process.env.UV_THREADPOOL_SIZE, threads.length, nice.length);`,
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Returns the configured size, the number of threads on seven cores, and how many of them have a lower
 * priority.
 */
function run(size: string | undefined, ...preloads: string[]): [string, number, number] {
  const flags = [join(folder, 'cores.cjs'), ...preloads].flatMap((file) => ['--require', file]);
  const output = execFileSync(process.execPath, [...flags, join(folder, 'main.mjs')], {
    env: { PATH: process.env.PATH, ...(size !== undefined && { UV_THREADPOOL_SIZE: size }) },
    encoding: 'utf8',
  });
  const [set = '', threads, nice] = output.trim().split(' ');
  return [set, Number(threads), Number(nice)];
}

describe('the preparation of the process', () => {
  const preload = join(process.cwd(), 'apps/api/bin/prepare-process.cjs');

  it.each([
    ['one thread more than cores by default', undefined, '8'],
    ['the default for a setting that is not a number', 'abc', '8'],
    ['the default for an empty setting', '', '8'],
    ['the configured size', '5', '5'],
  ])('gives the thread pool %s, at a lower priority than requests', (_, size, threads) => {
    const [, usual] = run(undefined);

    const [set, count, nice] = run(size, preload);

    expect(set).toBe(threads);
    expect(count - usual).toBe(Number(threads) - DEFAULT_THREADS);
    expect(nice).toBe(Number(threads));
  });

  it('gives the thread pool a lower priority than requests when all of the process has a low one', () => {
    writeFileSync(
      join(folder, 'nice.cjs'),
      `const { getPriority, setPriority } = require('node:os'); setPriority(Math.max(10, getPriority()));`,
    );

    const [, , nice] = run('5', join(folder, 'nice.cjs'), preload);

    expect(nice).toBe(5);
  });
});
