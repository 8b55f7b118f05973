import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Config } from './config.js';
import { SECRET_VARIABLES, VARIABLES } from './variables.js';

/** 32 bytes in base64, easy to find in a text. */
const KEY = Buffer.from('marked-secret-of-exactly-32bytes').toString('base64');
const PASSWORD = 'marked secret of an administrator';

const settingsOf = (environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(Config.read(environment).settings.map(({ name, ...setting }) => [name, setting]));

describe('.env.example', () => {
  const lines = readFileSync('.env.example', 'utf8').split('\n');
  const entries = lines.flatMap((line) => {
    const [, name, suffix, value] = /^#([A-Z][A-Z0-9_]+?)(_FILE)?=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, value: suffix ? undefined : value }];
  });

  it('has every variable, in the order of the list', () => {
    expect(entries.map(({ name }) => name)).toEqual(Object.keys(VARIABLES));
  });

  it.each(
    Object.entries(VARIABLES)
      .filter(([, { default: value }]) => value !== undefined && String(value) !== '')
      .map(([name, { default: value }]) => [name, String(value)]),
  )('has %s with its default, %s', (name, value) => {
    expect(entries).toContainEqual({ name, value });
  });

  it('sets nothing: all lines are comments', () => {
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });
});

describe('Config.settings', () => {
  it('has every variable, in the order of the list', () => {
    expect(Config.read({}).settings.map(({ name }) => name)).toEqual(Object.keys(VARIABLES));
  });

  it('has defaults, including derived ones', () => {
    expect(settingsOf({ PORT: '8080' })).toMatchObject({
      PORT: { source: 'environment', isSet: true, value: '8080' },
      LATCHKEY_SESSION_IDLE_SECONDS: { source: 'default', isSet: true, value: '604800' },
      LATCHKEY_API_TOKEN_NO_EXPIRY: { source: 'default', isSet: true, value: 'false' },
      LATCHKEY_PUBLIC_URL: { source: 'default', isSet: true, value: 'http://127.0.0.1:8080' },
      LATCHKEY_DATA_DIR: { source: 'default', isSet: true, value: resolve('data') },
      DATABASE_URL: { source: 'default', isSet: true, value: `sqlite:${resolve('data/latchkey.sqlite')}` },
    });
  });

  it('has the effective form of the values', () => {
    expect(
      settingsOf({
        LATCHKEY_CORS_ORIGINS: ' https://a.example.com/ ,https://b.example.com',
        LATCHKEY_ADMIN_NAME: 'ROOT',
      }),
    ).toMatchObject({
      LATCHKEY_CORS_ORIGINS: { value: 'https://a.example.com,https://b.example.com' },
      LATCHKEY_ADMIN_NAME: { value: 'root' },
    });
  });

  it.each(['LATCHKEY_TRUSTED_PROXIES', 'LATCHKEY_ADMIN_PASSWORD', 'LATCHKEY_AUDIT_KEY'])(
    'has no value for %s when it is not set',
    (name) => {
      expect(settingsOf({})[name]).toEqual({ source: 'default', isSet: false });
    },
  );

  it('treats an empty variable as not set', () => {
    expect(settingsOf({ PORT: '', LATCHKEY_AUDIT_KEY: '' })).toEqual(settingsOf({}));
  });
});

describe('Config.settings with secrets', () => {
  let folder: string;
  let file: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-settings-'));
    file = join(folder, 'password');
    writeFileSync(file, `${PASSWORD}\n`);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('states only that they are set, and their source', () => {
    const settings = settingsOf({ LATCHKEY_ADMIN_PASSWORD_FILE: file, LATCHKEY_AUDIT_KEY: KEY });

    expect(settings.LATCHKEY_ADMIN_PASSWORD).toEqual({ source: 'file', isSet: true });
    expect(settings.LATCHKEY_AUDIT_KEY).toEqual({ source: 'environment', isSet: true });
    expect(JSON.stringify(settings)).not.toContain(PASSWORD);
    expect(JSON.stringify(settings)).not.toContain(KEY);
  });

  it('treats every variable with the name of a secret as one', () => {
    const sounding = Object.keys(VARIABLES).filter((name) => /PASSWORD$|KEY$|SECRET/.test(name));

    expect([...SECRET_VARIABLES].sort()).toEqual(sounding.sort());
  });

  it('hides the user and the password of the mail server', () => {
    const { LATCHKEY_SMTP_URL } = settingsOf({
      LATCHKEY_SMTP_URL: 'smtp://marked:marked@[::1]:25',
      LATCHKEY_MAIL_FROM: 'latchkey@example.org',
      LATCHKEY_PUBLIC_URL: 'https://auth.example.org',
    });

    expect(LATCHKEY_SMTP_URL).toEqual({ source: 'environment', isSet: true, value: 'smtp://[::1]:25' });
  });

  it.each([
    ['postgres://latchkey:marked@db:5432/latchkey', 'postgres://latchkey@db:5432/latchkey'],
    ['postgres://latchkey@db/latchkey?password=marked', 'postgres://latchkey@db/latchkey'],
    ['postgres://:marked@db/latchkey', 'postgres://db/latchkey'],
    [
      'postgresql://u:marked@db/latchkey?sslmode=require&sslpassword=marked&options=-c%20x%3Dmarked',
      'postgresql://u@db/latchkey?sslmode=require',
    ],
    ['postgres://u:%6Darked@db/x?PASSWORD=marked#marked', 'postgres://u@db/x'],
  ])('hides the password of %s', (url, expected) => {
    const { value } = settingsOf({ DATABASE_URL: url, LATCHKEY_AUDIT_KEY: KEY }).DATABASE_URL ?? {};

    expect(value).toBe(expected);
    expect(value).not.toContain('marked');
  });
});
