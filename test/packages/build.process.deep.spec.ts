import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

/** Stand-ins of the scripts that build: each appends its name to `log`, and writes the output. */
const SCRIPTS = {
  'apps/api/build/compile.mjs': 'compile',
  'apps/api/build/bundle.mjs': 'bundle',
  'apps/admin/architect.mjs': 'architect',
  'apps/admin/precompress.mjs': 'precompress',
};
const OUTPUTS = { bundle: 'dist/apps/api/bundle/main.js', architect: 'dist/apps/admin/browser/index.html' };
const INSTALLED_PACKAGES = 'node_modules/.package-lock.json';
const API = ['compile', 'bundle'];
const ADMIN = ['architect', 'precompress'];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-build-'));
  mkdirSync(join(folder, 'apps/api/bin'), { recursive: true });
  for (const file of ['package.json', 'apps/build.mjs', 'apps/api/bin/check-node.cjs']) {
    copyFileSync(file, join(folder, file));
  }
  for (const [path, name] of Object.entries(SCRIPTS)) {
    const output = OUTPUTS[name as keyof typeof OUTPUTS] ?? 'dist/others';
    write(
      path,
      `import { appendFileSync, mkdirSync } from 'node:fs';
       import { dirname } from 'node:path';
       appendFileSync('log', '${name} ');
       console.log('Size of ${name}');
       console.error('Warning of ${name}');
       mkdirSync(dirname('${output}'), { recursive: true });
       appendFileSync('${output}', '');
      `,
    );
  }
  for (const path of [
    'apps/api/src/main.ts',
    'apps/admin/src/main.ts',
    'libs/auth-models/src/index.ts',
    INSTALLED_PACKAGES,
  ]) {
    write(path, '1');
  }
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const run = (...words: string[]) =>
  spawnSync(process.execPath, ['apps/build.mjs', ...words], { cwd: folder, encoding: 'utf8' });

/** Builds both parts. Returns the scripts that ran. */
function build(...options: string[]): string[] {
  const log = join(folder, 'log');
  rmSync(log, { force: true });
  run('api', 'admin', ...options);
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split(' ') : [];
}

describe('apps/build.mjs --changed', () => {
  it('builds only what depends on a changed file', () => {
    const first = build('--changed');
    const changes = [
      'apps/api/src/main.ts',
      'apps/api/src/new.ts',
      'apps/admin/src/main.ts',
      'angular.json',
      'libs/auth-models/src/index.ts',
      'libs/client/src/index.ts',
      INSTALLED_PACKAGES,
      'apps/api/src/main.spec.ts',
      'docs/README.md',
    ].map((path) => {
      write(path, '2');
      return [path, build('--changed')];
    });

    expect(first).toEqual([...API, ...ADMIN]);
    expect(Object.fromEntries(changes)).toEqual({
      'apps/api/src/main.ts': API,
      'apps/api/src/new.ts': API,
      'apps/admin/src/main.ts': ADMIN,
      'angular.json': ADMIN,
      'libs/auth-models/src/index.ts': [...API, ...ADMIN],
      'libs/client/src/index.ts': [...API, ...ADMIN],
      [INSTALLED_PACKAGES]: [...API, ...ADMIN],
      'apps/api/src/main.spec.ts': [],
      'docs/README.md': [],
    });
  });

  it('builds again after a build failed, and after one was killed', () => {
    build();
    const bundle = readFileSync(join(folder, 'apps/api/build/bundle.mjs'), 'utf8');
    for (const end of ['process.exit(1)', "process.kill(process.ppid, 'SIGKILL')"]) {
      write('apps/api/build/bundle.mjs', `${bundle}\n${end}`);
      build('--changed');
      write('apps/api/build/bundle.mjs', bundle);

      expect(build('--changed')).toEqual(API);
    }
  });
});

describe('apps/build.mjs', () => {
  it('prints advice when the packages are not installed', () => {
    rmSync(join(folder, INSTALLED_PACKAGES));

    const { status, stderr } = run('api', 'admin');

    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'The packages are not installed. Run npm ci first.\n',
    });
  });

  it('names an unknown part, and builds nothing', () => {
    const { status, stderr } = run('api', 'amdin');

    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'Unknown: amdin. The parts are api and admin.\n',
    });
    expect(existsSync(join(folder, 'log'))).toBe(false);
  });
});
