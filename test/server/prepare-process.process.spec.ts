import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import * as nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PREPARATION } from '../support/server-process.js';

const OTHER_ACCOUNT = 4_711;
/** Whether this version of Node can keep compiled code. */
const CAN_CACHE = 'enableCompileCache' in nodeModule;

describe('the compiled code', () => {
  let folder: string;
  let preparation: string;
  let compiled: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-compiled-'));
    preparation = join(folder, 'apps/api/bin/prepare-process.cjs');
    compiled = join(folder, 'dist/apps/api/compiled');
    cpSync(PREPARATION, preparation);
    mkdirSync(dirname(compiled), { recursive: true });
    writeFileSync(
      join(folder, 'main.cjs'),
      `console.log(require('node:module').getCompileCacheDir?.() ?? '')`,
    );
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /**
   * Returns the folder for compiled code of a started process, or an empty text without one.
   *
   * @param owner account that the folder seems to have. Only root could change the real one.
   */
  function folderOf(owner?: number): string {
    const fake = `const fs = require('node:fs');
      const { statSync } = fs;
      fs.statSync = (...parameters) => Object.assign(statSync(...parameters), { uid: ${owner} });
      process.getuid = () => ${OTHER_ACCOUNT + 1};`;
    writeFileSync(join(folder, 'fake.cjs'), owner === undefined ? '' : fake);
    const script = 'umask 000; exec "$0" --require ./fake.cjs --require "$1" main.cjs';
    const output = execFileSync('sh', ['-c', script, process.execPath, preparation], {
      cwd: folder,
      encoding: 'utf8',
    });
    return output.trim() && dirname(output.trim());
  }

  /** Returns the files in the folder for compiled code, and in the folders within it. */
  const files = () =>
    existsSync(compiled)
      ? readdirSync(compiled, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      : [];

  it('is in a folder beside the bundle that only the account of the process can read, with any umask', () => {
    expect(folderOf()).toBe(CAN_CACHE ? compiled : '');

    expect(files().length > 0).toBe(CAN_CACHE);
    expect(existsSync(compiled) && statSync(compiled).mode & 0o777).toBe(CAN_CACHE && 0o700);
    expect(folderOf()).toBe(CAN_CACHE ? compiled : '');
  });

  it.each(['777', '770', '755'])('is not in a folder of the account with mode %s', (mode) => {
    mkdirSync(compiled);
    chmodSync(compiled, mode);

    expect(folderOf()).toBe('');
    expect(files()).toEqual([]);
  });

  it('is not in a folder of another account', () => {
    mkdirSync(compiled, { mode: 0o755 });

    expect(folderOf(OTHER_ACCOUNT)).toBe('');
  });

  it.each([
    ['755', true],
    ['775', false],
    ['757', false],
  ])('is in a folder of root with mode %s: %s', (mode, isUsed) => {
    mkdirSync(compiled);
    chmodSync(compiled, mode);

    expect(folderOf(0)).toBe(isUsed && CAN_CACHE ? compiled : '');
  });

  it('is not kept if the folder cannot be created', () => {
    rmSync(dirname(compiled), { recursive: true });

    expect(folderOf()).toBe('');
  });
});

describe('the limits of the heap', () => {
  /**
   * Returns the value of an option of V8 in a started process. With `--help`, V8 prints its options with
   * their values, and exits.
   */
  function valueOf(option: string, options: readonly string[], environment: Record<string, string> = {}) {
    const print = `require('node:v8').setFlagsFromString('--help')`;
    const output = execFileSync(process.execPath, [...options, '--require', PREPARATION, '--eval', print], {
      env: { PATH: process.env.PATH, ...environment },
      encoding: 'utf8',
    });
    return new RegExp(`default: ${option}=(.*)`).exec(output)?.[1];
  }

  const nodeOptionsIn = (file: string, line: RegExp) => ({
    NODE_OPTIONS: line.exec(readFileSync(file, 'utf8'))?.[1] ?? '',
  });

  it('let the heap grow by half before garbage is collected', () => {
    expect(valueOf('--heap-growing-percent', [])).toBe('50');
  });

  it('are 16 MiB for a half of the new objects with npm start, in the image and with systemd', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
    const ofStart = scripts.start.split(' ').filter((word) => word.startsWith('--'));

    expect([
      valueOf('--max-semi-space-size', ofStart),
      valueOf('--max-semi-space-size', [], nodeOptionsIn('Dockerfile', /^ENV NODE_OPTIONS=(.*)$/m)),
      valueOf(
        '--max-semi-space-size',
        [],
        nodeOptionsIn('deploy/systemd/latchkey.service', /^Environment=NODE_OPTIONS=(.*)$/m),
      ),
    ]).toEqual(['16', '16', '16']);
  });
});
