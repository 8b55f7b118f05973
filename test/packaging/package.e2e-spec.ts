import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { EXTERNAL_PACKAGES } from '../../apps/api/build/external-packages.mjs';
import { describeIfInstalled, registryMissing } from '../support/external-programs.js';
import { type Trial, tryPackage } from './try-package.mjs';

/** Of the repository, on Node 20, where users compile the driver. That takes minutes. */
const COMPILED_SQLITE = 'node_modules/@latchkey/sqlite-node20/node_modules/better-sqlite3';
const IS_NODE_20 = Number(process.versions.napi) < 10;
/** The driver for Node 20 comes with packages that download or compile it. */
const PACKAGES_MAX = IS_NODE_20 ? 65 : 30;
const MEGABYTE = 1e6;

const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;

describeIfInstalled(registryMissing(`pg@${dependencies.pg}`), 'the packed server in an empty folder', () => {
  let trial: Trial;
  let printed: string;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-packed-'));
    try {
      const words = ['apps/api/build/pack.mjs', '--pack-destination', folder];
      printed = execFileSync(process.execPath, words, { encoding: 'utf8' }).replaceAll(folder, '');
      const [name = ''] = readdirSync(folder);
      trial = await tryPackage(join(folder, name), COMPILED_SQLITE);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 300_000);

  it('prints its file name, its size and how to install it', () => {
    expect(printed).toMatch(
      /^Created \/(latchkey-[\d.]+\.tgz) \(\d\.\d MB\)\. Install it: npm install \/\1\n$/,
    );
  });

  it('starts, sets the first password, logs in, verifies a token and serves the console', () => {
    expect(trial.statuses).toEqual([204, 200, 200, 200]);
    expect(trial.console).toContain('<app-root');
    expect(trial.exitCode).toBe(0);
  });

  it('has the packages outside the bundle, and none for development or from inside the bundle', () => {
    const inside = Object.keys({ ...dependencies, ...devDependencies }).filter(
      (name) => !EXTERNAL_PACKAGES.includes(name),
    );

    expect(trial.packages).toEqual(expect.arrayContaining(['latchkey', '@node-rs/argon2', 'pg']));
    expect(trial.packages.filter((name) => inside.includes(name))).toEqual([]);
    expect(trial.packages.length).toBeLessThan(PACKAGES_MAX);
  });

  it('has the versions of the lock file, which the tests run with', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { version?: string }>;
    };
    const locked = Object.entries(packages).map(
      ([path, { version }]) => `${path.split('node_modules/').at(-1)} ${version}`,
    );
    const others = trial.versions.filter((each) => !locked.includes(each));

    // Headers for compilers only, and the server itself.
    expect(others.filter((each) => !/^(?:node-addon-api|latchkey) /.test(each))).toEqual([]);
  });

  it('names its documentation in the help', () => {
    expect(trial.documentation).toContain('[Runbook](operations/runbook.md)');
  });

  it(`compiles nothing${IS_NODE_20 ? ', apart from the driver, whose binary is copied here' : ''}`, () => {
    expect(trial.compiled).toBe(0);
  });

  it('is small', () => {
    expect(trial.packedBytes).toBeLessThan(6 * MEGABYTE);
    expect(trial.installedBytes).toBeLessThan(100 * MEGABYTE);
  });
});
