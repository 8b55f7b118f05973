import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { SECRET_VARIABLES } from '../../apps/api/src/platform/config/variables.js';
import { describeIfInstalled } from '../support/external-programs.js';

const FOLDER = 'deploy/systemd';
const PROGRAM = '/opt/latchkey/node_modules/.bin/latchkey';
const page = readFileSync('docs/operations/systemd.md', 'utf8');
const units = new Map(
  readdirSync(FOLDER)
    .filter((name) => !name.endsWith('.conf'))
    .map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]),
);
const missing =
  spawnSync('systemd-analyze', ['--version']).status === 0
    ? null
    : 'systemd-analyze: apt-get install systemd';

/** Returns all values of a key in a unit. */
function valuesOf(unit: string, key: string): string[] {
  return [...(units.get(unit) ?? '').matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(
    ([, value = '']) => value,
  );
}

/** Calls systemd-analyze with files of the units. @param edit changes their content. */
function analyze(words: string[], names: string[], edit = (text: string) => text, files = units) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-units-'));
  try {
    for (const [name, text] of files) {
      // The check requires that programs exist.
      writeFileSync(join(folder, name), edit(text.replaceAll(PROGRAM, '/bin/true')));
    }
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      [...words, ...names.map((name) => join(folder, name))],
      { encoding: 'utf8' },
    );
    return { status, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describeIfInstalled(missing, 'systemd-analyze', () => {
  const verify = ['verify', '--man=no', '--recursive-errors=no'];

  it('finds no error in the units', () => {
    expect(analyze(verify, [...units.keys()])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('finds no error in the documented report of a failed backup', () => {
    const [report = '', dropIn = ''] = [...page.matchAll(/^```ini\n(\[Unit\]\n.*?)^```/gms)].map(
      ([, text = '']) => text,
    );
    const name = 'report-failure@.service';
    const backup = `${units.get('latchkey-backup.service')}\n${dropIn}`;
    const files = new Map([...units, [name, report], ['latchkey-backup.service', backup]]);

    expect(page).toContain(`/etc/systemd/system/${name}`);
    expect(dropIn).toContain(`OnFailure=${name.replace('@', '@%n')}`);
    expect(analyze(verify, [name, 'latchkey-backup.service'], undefined, files)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  it.each([
    ['latchkey.service', /server's exposure at ([\d.]+) out of 10/],
    ['latchkey-verifier.service', /the verifier's at ([\d.]+),/],
    ['latchkey-backup.service', /the backup's at ([\d.]+)\./],
  ])('rates the exposure of %s at most as documented', (name, documented) => {
    const { stdout } = analyze(['security', '--offline=true', '--no-pager'], [name]);
    const [, exposure] = /Overall exposure level for .*: ([\d.]+)/.exec(stdout) ?? [];
    const [, bound] = documented.exec(page) ?? [];

    expect(Number(exposure)).toBeGreaterThan(0);
    expect(Number(exposure)).toBeLessThanOrEqual(Number(bound));
  });
});

describe('deploy/systemd', () => {
  it('passes all secrets to the server, and those of the database to the backup', () => {
    const secrets = ['DATABASE_URL', ...SECRET_VARIABLES].map((variable) => `latchkey.${variable}`);
    const ofDatabase = secrets.filter((name) => /DATABASE_URL|AUDIT_KEY/.test(name));

    expect(valuesOf('latchkey.service', 'LoadCredential').sort()).toEqual(secrets.sort());
    expect(valuesOf('latchkey-backup.service', 'LoadCredential').sort()).toEqual(ofDatabase.sort());
  });

  it('reads the settings and the token of the verifier from the documented files', () => {
    const [settings = ''] = valuesOf('latchkey-verifier.service', 'EnvironmentFile');
    const environment = valuesOf('latchkey-verifier.service', 'Environment');
    const guide = readFileSync('docs/guides/gateways/verifier.md', 'utf8');
    const [token = ''] = /(?<= verifier-token )\S+/.exec(guide) ?? [];

    expect(environment).toContain(`LATCHKEY_TOKEN_FILE=${token}`);
    expect(guide).toContain(settings);
  });

  it('documents the secrets and the paths', () => {
    const paths = [
      '"${RELEASE:-/opt/latchkey}/node_modules/.bin/latchkey"',
      '/var/lib/latchkey-backups',
      '/etc/credstore',
    ];
    const [settings = ''] = valuesOf('latchkey.service', 'EnvironmentFile');

    expect(
      [...paths, settings, ...valuesOf('latchkey.service', 'LoadCredential')].filter(
        (each) => !page.includes(each),
      ),
    ).toEqual([]);
  });

  it('gives the server and the backup the same settings and data', () => {
    for (const key of ['EnvironmentFile', 'User', 'WorkingDirectory']) {
      expect(valuesOf('latchkey-backup.service', key)).toEqual(valuesOf('latchkey.service', key));
    }
  });

  it('runs commands with the data folder of the server', () => {
    const settings = valuesOf('latchkey-backup.service', 'Environment').map((each) => `--setenv=${each}`);

    expect(settings).not.toEqual([]);
    expect(settings.filter((each) => !page.includes(`${each} `))).toEqual([]);
  });

  it('runs commands with the database and the keys of the server', () => {
    const needed = valuesOf('latchkey.service', 'LoadCredential').filter(
      (name) => !name.includes('PASSWORD'),
    );

    expect(needed.filter((name) => !page.includes(`--property=LoadCredential=${name} `))).toEqual([]);
  });

  it('installs all files that it documents', () => {
    const install = /^install .*$/gm;
    const installed = [...page.matchAll(install)].flatMap(
      ([line]) => line.match(/latchkey[\w.-]*\.(?:\w+)(?= )/g) ?? [],
    );

    expect(installed.sort()).toEqual(readdirSync(FOLDER).sort());
  });

  it.each(['latchkey.service', 'latchkey-verifier.service'])('waits longer than %s needs to stop', (unit) => {
    const environment = valuesOf(unit, 'Environment')
      .map((each) => each.split('=') as [string, string])
      // The file does not exist here.
      .filter(([name]) => !name.endsWith('_FILE'));
    const { drainSeconds, shutdownSeconds } = Config.read(Object.fromEntries(environment));
    const [seconds] = valuesOf(unit, 'TimeoutStopSec');

    expect(drainSeconds).toBeGreaterThan(0);
    expect(Number(seconds)).toBeGreaterThan(2 * drainSeconds + 2 + shutdownSeconds);
  });

  it('listens on one socket, at the default address of the server', () => {
    const { host, port } = Config.read({});

    expect(valuesOf('latchkey.socket', 'ListenStream')).toEqual([`${host}:${port}`]);
  });
});
