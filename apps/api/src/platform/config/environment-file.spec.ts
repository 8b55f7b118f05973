import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../../common/application-error.js';
import { LATCHKEY } from '../../common/program-name.js';
import { readEnvFile } from './environment-file.js';

let folder: string;
let file: string;
let environment: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-env-'));
  file = join(folder, 'server.env');
  environment = {};
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Returns the environment after reading a file with this text. */
function environmentWith(text: string): NodeJS.ProcessEnv {
  writeFileSync(file, text);
  readEnvFile(environment, file);
  return environment;
}

/** Returns the error for a file with this text, without the path. */
function rejectionOf(text: string): string {
  try {
    environmentWith(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).message.replace(file, 'server.env');
  }
  throw new Error('The file was accepted');
}

describe('readEnvFile', () => {
  it('reads names and values, and ignores comments, blank lines and spaces', () => {
    expect(environmentWith('# Address\n\n  PORT = 8080 \r\nexport HOST=::1 # all\n\t#\n')).toEqual({
      PORT: '8080',
      HOST: '::1',
    });
  });

  it.each([
    [`'it # has "quotes"'`, 'it # has "quotes"'],
    ['"one\\ntwo" # comment', 'one\ntwo'],
    [`\`both ' and "\``, `both ' and "`],
    ['a=b c', 'a=b c'],
    ["don't", "don't"],
    ['""', ''],
    ['', ''],
    [' # comment', ''],
  ])('reads the value of HOST=%s', (text, value) => {
    expect(environmentWith(`HOST=${text}\nPORT=1`)).toEqual({ HOST: value, PORT: '1' });
  });

  it('accepts an empty value before another line', () => {
    expect(environmentWith('HOST= \nPORT=1')).toEqual({ HOST: '', PORT: '1' });
  });

  it('keeps variables of the environment, even if they are empty', () => {
    environment.PORT = '1';
    environment.HOST = '';

    expect(environmentWith('PORT=2\nHOST=::1')).toEqual({ PORT: '1', HOST: '' });
  });

  it.each([
    ['LATCHKEY_AUDIT_KEY', 'LATCHKEY_AUDIT_KEY_FILE'],
    ['LATCHKEY_AUDIT_KEY_FILE', 'LATCHKEY_AUDIT_KEY'],
  ])('keeps %s of the environment, and ignores %s', (name, other) => {
    environment[name] = 'environment';

    expect(environmentWith(`${other}=file`)).toEqual({ [name]: 'environment' });
  });

  it('reads X_FILE if X is empty in the environment', () => {
    environment.DATABASE_URL = '';

    expect(environmentWith('DATABASE_URL_FILE=x')).toEqual({ DATABASE_URL: '', DATABASE_URL_FILE: 'x' });
  });

  it.each([
    [
      'HOST=127.0.0.1\n# Public\nHOST=0.0.0.0',
      'line 3: HOST is already set in line 1. Keep one of the two lines',
    ],
    ['PORT=1\nPORT=1', 'line 2: PORT is already set in line 1. Keep one of the two lines'],
    ['export HOST=\n\nHOST=::1', 'line 3: HOST is already set in line 1. Keep one of the two lines'],
    [
      'NODE_OPTIONS=x\nNODE_OPTIONS=y',
      'line 2: NODE_OPTIONS is already set in line 1. Keep one of the two lines',
    ],
  ])('rejects a variable that is set twice: %j', (text, message) => {
    expect(rejectionOf(text)).toBe(`server.env, ${message}`);
  });

  it('rejects a variable that is set twice, even if the environment sets it too', () => {
    environment.HOST = '::1';

    expect(rejectionOf('HOST=::1\nHOST=0.0.0.0')).toContain('HOST is already set in line 1');
  });

  it.each([
    'LATCHKEY_AUDIT_KEY_FILE',
    'NODE_OPTIONS',
    'NODE_EXTRA_CA_CERTS',
    'UV_THREADPOOL_SIZE',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'PGSSLROOTCERT',
    'SSL_CERT_FILE',
    'MALLOC_ARENA_MAX',
    'LD_PRELOAD',
    'LC_ALL',
    'LANG',
    'TZ',
    'TMPDIR',
    'COMPOSE_PROJECT_NAME',
  ])('accepts %s', (name) => {
    expect(environmentWith(`${name}=x`)).toEqual({ [name]: 'x' });
  });

  it.each(['PORT 39522', 'PORT: 39522', 'PORT', '=39522', '; comment', 'LOG-LEVEL=info', '\u0000=1'])(
    'rejects the line %j with its number',
    (line) => {
      expect(rejectionOf(`# Address\n\n${line}\n`)).toBe('server.env, line 3: write NAME=value');
    },
  );

  it.each([
    '"no closing quote',
    '"of two lines\nPORT=1"',
    '"closed" and more',
    '"closed"# comment',
    'cut#here',
    '#cut',
  ])('rejects the value %j', (value) => {
    expect(rejectionOf(`HOST=${value}\n`)).toBe(
      'server.env, line 1: write the whole value of HOST in quotes, on one line',
    );
  });

  it.each([
    ['DATBASE_URL', 'DATABASE_URL'],
    ['HOSTT', 'HOST'],
    ['latchkey_metrics', 'LATCHKEY_METRICS'],
    ['LOG_LEVEL', 'LATCHKEY_LOG_LEVEL'],
  ])('rejects %s, and suggests %s', (name, meant) => {
    expect(rejectionOf(`PORT=1\n${name}=x`)).toBe(
      `server.env, line 2: there is no variable ${name}. Did you mean ${meant}?`,
    );
  });

  it('rejects variables of other programs', () => {
    expect(rejectionOf('STRIPE_SECRET=x')).toBe(
      `server.env, line 1: there is no variable STRIPE_SECRET. ${LATCHKEY} config init --print lists all variables.`,
    );
  });

  it('rejects a file that cannot be read', () => {
    expect(() => readEnvFile(environment, folder)).toThrow(`${folder} is a folder, not a file.`);
  });
});
