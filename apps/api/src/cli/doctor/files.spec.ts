import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LATCHKEY } from '../../common/program-name.js';
import { Config } from '../../platform/config/config.js';
import { asAccount } from '../as-account.js';
import { checkBackups } from './backups.js';
import { checkFiles, closedFolder } from './files.js';
import { recordBackup } from '../../platform/database/sqlite/last-backup.js';

const NOW = new Date('2026-11-28T12:00:00Z');

let folder: string;
let data: string;
let config: Config;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-doctor-'));
  data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  for (const name of [
    'latchkey.sqlite',
    'latchkey.sqlite-wal',
    'audit.key',
    'audit.key.old',
    'seal.key',
    'seal.key.0123456789abcdef',
    'first-sign-in.txt',
  ]) {
    writeFileSync(join(data, name), '', { mode: 0o600 });
  }
  writeFileSync(join(folder, '.env'), '', { mode: 0o600 });
  config = Config.read({ DATABASE_URL: `sqlite:${join(data, 'latchkey.sqlite')}` });
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('checkFiles', () => {
  const check = () => checkFiles(config, join(folder, '.env'), {});

  it('accepts files that only their owner can read', () => {
    expect(check().verdict).toBe('ok');
  });

  it.each([
    ['data', 0o770],
    ['data', 0o707],
    ['data/latchkey.sqlite', 0o644],
    ['data/latchkey.sqlite-wal', 0o604],
    ['data/audit.key', 0o620],
    ['data/audit.key.old', 0o604],
    ['data/seal.key', 0o604],
    ['data/seal.key.0123456789abcdef', 0o604],
    ['data/first-sign-in.txt', 0o604],
    ['.env', 0o644],
  ])('reports %s with the mode %d as a problem', (name, mode) => {
    const path = join(folder, name);
    chmodSync(path, mode);

    expect(check()).toEqual({
      verdict: 'problem',
      message: expect.stringContaining(`${path} (0${mode.toString(8)})`),
      advice: `Run: chmod go-rwx ${path}`,
    });
  });

  it.each([
    ['data', 0o755],
    ['data/latchkey.sqlite', 0o640],
    ['.env', 0o640],
  ])('reports %s with the mode %d as a warning', (name, mode) => {
    chmodSync(join(folder, name), mode);

    expect(check()).toMatchObject({
      verdict: 'warning',
      message: expect.stringContaining(join(folder, name)),
    });
  });
});

describe('closedFolder', () => {
  /** Id of an account without permissions. Root could read a folder of mode 0. */
  const UNPRIVILEGED = 65_534;
  const OWN = process.getuid?.() ?? 0;

  afterEach(() => {
    process.seteuid?.(OWN);
    jest.restoreAllMocks();
    chmodSync(data, 0o700);
  });

  const closedFor = (account: number, mode: number) => {
    chmodSync(folder, 0o711);
    chmodSync(data, OWN === 0 ? mode : mode >> 6);
    jest.spyOn(process, 'getuid').mockReturnValue(account);
    if (OWN === 0) {
      process.seteuid?.(account);
    }
    return closedFolder(config);
  };

  it('accepts the owner', () => {
    expect(closedFor(OWN, 0o700)).toBeUndefined();
  });

  it.each([0o700, 0o711])('reports a folder of the mode %d to another account', (mode) => {
    expect(closedFor(UNPRIVILEGED, mode)).toEqual({
      message: `${data} belongs to another account, and this account may not open it.`,
      advice: `Run ${LATCHKEY} doctor as that account: ${asAccount(OWN)}`,
    });
  });
});

describe('checkFiles with files that variables name', () => {
  it.each([
    ['LATCHKEY_AUDIT_KEY_FILE', 'audit secret', "'FOLDER/audit secret'"],
    ['DATABASE_URL_FILE', "it's", "'FOLDER/it'\\''s'"],
  ])('reports that of %s, and quotes %j', (variable, name, quoted) => {
    const path = join(folder, name);
    writeFileSync(path, '');
    chmodSync(path, 0o644);

    expect(checkFiles(config, join(folder, '.env'), { [variable]: path })).toMatchObject({
      verdict: 'problem',
      message: `Other accounts can read or change ${path} (0644).`,
      advice: `Run: chmod go-rwx ${quoted.replace('FOLDER', folder)}`,
    });
  });

  it('ignores files that other variables name', () => {
    const path = join(folder, 'ca.pem');
    writeFileSync(path, '');
    chmodSync(path, 0o644);

    expect(
      checkFiles(config, join(folder, '.env'), { SSL_CERT_FILE: path, LATCHKEY_AUDIT_KEY_FILE: '' }).verdict,
    ).toBe('ok');
  });
});

describe('checkBackups', () => {
  const backUp = (time: string) =>
    recordBackup(join(data, 'latchkey.sqlite'), { time, file: '/var/backups/latchkey.sqlite' });

  it('reports a database that was never backed up', () => {
    expect(checkBackups(config, NOW).verdict).toBe('warning');
  });

  it('accepts a backup of yesterday, and names it', () => {
    backUp('2026-11-20T11:00:00Z');
    backUp('2026-11-27T11:00:00Z');

    expect(checkBackups(config, NOW)).toEqual({
      verdict: 'ok',
      message: 'The last backup is from 2026-11-27T11:00:00Z: /var/backups/latchkey.sqlite',
    });
  });

  it('reports an old backup', () => {
    backUp('2026-11-26T11:00:00Z');

    expect(checkBackups(config, NOW).verdict).toBe('warning');
  });

  it('lets other accounts read the record in spite of the umask 077', () => {
    const umask = process.umask(0o077);
    backUp('2026-11-27T11:00:00Z');
    process.umask(umask);

    expect(statSync(join(data, 'latchkey.sqlite.backup.json')).mode & 0o777).toBe(0o644);
  });

  it.each(['', '{"time":', 'null', '{}', '{"time":"yesterday","file":"a"}'])(
    'reports the broken record %j',
    (content) => {
      const record = join(data, 'latchkey.sqlite.backup.json');
      writeFileSync(record, content);

      expect(checkBackups(config, NOW)).toMatchObject({
        verdict: 'warning',
        message: `The record of the last backup, ${record}, cannot be read.`,
      });
    },
  );

  it('reports a record that cannot be read', () => {
    mkdirSync(join(data, 'latchkey.sqlite.backup.json'));

    expect(checkBackups(config, NOW).verdict).toBe('warning');
  });
});
