import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EXTERNAL_PACKAGES } from '../../apps/api/build/external-packages.mjs';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { describeIfInstalled, registryMissing } from '../support/external-programs.js';
import { type Trial, tryPackage } from './try-package.mjs';

/** Of the repository, on Node 20, where users compile the driver. That takes minutes. */
const COMPILED_SQLITE = 'node_modules/@latchkey/sqlite-node20/node_modules/better-sqlite3';
const IS_NODE_20 = Number(process.versions.napi) < 10;
/** The driver for Node 20 comes with packages that download or compile it. */
const PACKAGES_MAX = IS_NODE_20 ? 65 : 30;
const MEGABYTE = 1e6;

interface LockFile {
  packages: Record<string, { version?: string; integrity?: string }>;
}

const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;

describeIfInstalled(registryMissing(`pg@${dependencies.pg}`), 'the packed server in an empty folder', () => {
  let folder: string;
  let file: string;
  let trial: Trial;
  let printed: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-packed-'));
    const words = ['apps/api/build/pack.mjs', '--pack-destination', folder];
    printed = execFileSync(process.execPath, words, { encoding: 'utf8' }).replaceAll(folder, '');
    file = join(folder, readdirSync(folder)[0] ?? '');
    trial = await tryPackage(file, COMPILED_SQLITE);
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true }));

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
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as LockFile;
    const locked = Object.entries(packages).map(
      ([path, { version }]) => `${path.split('node_modules/').at(-1)} ${version}`,
    );
    const others = trial.versions.filter((each) => !locked.includes(each));

    expect(others).toEqual([expect.stringMatching(/^latchkey /)]);
  });

  describe('from its lock file', () => {
    const [commands = ''] = codeOnPage('operations/supply-chain.md', 'sh').filter((code) =>
      code.startsWith('tar '),
    );
    // Those that npm sets for the scripts it runs would make the commands use this folder.
    const environment = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
    const env = Object.fromEntries(environment);
    let target: string;
    let lock: LockFile;

    /** Runs the commands of the page, after a change of the extracted lock file. */
    function install(change: (text: string) => string) {
      const lockFile = join(target, 'npm-shrinkwrap.json');
      const [extract = '', ci = ''] = commands.trim().split('\n');
      cpSync(file, join(target, basename(file)));
      execFileSync('sh', ['-euc', extract], { cwd: target, env });
      const text = readFileSync(lockFile, 'utf8');
      lock = JSON.parse(text) as LockFile;
      writeFileSync(lockFile, change(text));
      const options = ['--prefer-offline', '--no-audit', '--no-fund'];
      return spawnSync('sh', ['-euc', `${ci} ${options.join(' ')}`], { cwd: target, encoding: 'utf8', env });
    }

    const installed = (name: string) => existsSync(join(target, 'node_modules', name, 'package.json'));

    beforeEach(() => {
      target = mkdtempSync(join(tmpdir(), 'latchkey-locked-'));
    });

    afterEach(() => rmSync(target, { recursive: true }));

    it('installs the tested versions with their digests, and starts', () => {
      const { status, stderr } = install((text) => text);
      const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as LockFile;
      const others = Object.entries(lock.packages).filter(
        ([path, { version, integrity }]) =>
          path !== '' &&
          !path.includes('sqlite-node20') &&
          (packages[path]?.version !== version || packages[path]?.integrity !== integrity || !integrity),
      );

      expect([status, stderr.includes('npm error')]).toEqual([0, false]);
      expect(others).toEqual([]);
      expect(Object.keys(lock.packages).length).toBeGreaterThan(40);
      expect(
        ['@node-rs/argon2', '@node-rs/bcrypt', 'pg', 'pg-types'].filter((name) => !installed(name)),
      ).toEqual([]);
      expect([installed('better-sqlite3'), installed('@latchkey/sqlite-node20')]).toEqual([
        !IS_NODE_20,
        false,
      ]);
      const words = [join(target, 'apps/api/bin/latchkey.cjs'), '--version'];
      expect(execFileSync(process.execPath, words, { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+/);
    });

    it('rejects a package with another digest', () => {
      const { status, stderr } = install((text) => {
        const { integrity = '' } = lock.packages['node_modules/@node-rs/argon2'] ?? {};
        return text.replace(integrity, `sha512-${Buffer.alloc(64).toString('base64')}`);
      });

      expect([status, stderr]).toEqual([expect.any(Number), expect.stringContaining('EINTEGRITY')]);
      expect(status).not.toBe(0);
    });
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
