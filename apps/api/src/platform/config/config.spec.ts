import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Config } from './config.js';
import { ConfigurationError } from '../../common/application-error.js';
import { LATCHKEY } from '../../common/program-name.js';
import { VARIABLES } from './variables.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const POSTGRES = 'postgres://latchkey:secret@127.0.0.1:5432/latchkey';

/** Returns the error line that the server prints when it refuses to start in this environment. */
function rejectionOf(environment: NodeJS.ProcessEnv): string {
  try {
    Config.read(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).message;
  }
  throw new Error(`${JSON.stringify(environment)} was taken`);
}

describe('Config.read', () => {
  it('has a documented default for every variable', () => {
    const { settings, ...config } = Config.read({});

    expect(settings).toHaveLength(Object.keys(VARIABLES).length);
    expect(config).toEqual({
      host: '127.0.0.1',
      port: 3000,
      database: { kind: 'sqlite', file: resolve('data/latchkey.sqlite') },
      workers: 1,
      databasePool: 10,
      tokenCacheSeconds: 2,
      statementTimeoutMilliseconds: 2_000,
      dataDirectory: resolve('data'),
      adminName: 'admin',
      adminPassword: undefined,
      publicUrl: 'http://127.0.0.1:3000',
      hasPublicUrl: false,
      trustedProxies: [],
      corsOrigins: [],
      eventHosts: [],
      sessionIdleSeconds: 604_800,
      sessionMaxSeconds: 2_592_000,
      freshSeconds: 300,
      secondFactor: 'optional',
      apiTokens: { defaultSeconds: 7_776_000, maxSeconds: 31_622_400, mayBeEndless: false, perUser: 50 },
      tokenPrefix: 'latchkey_',
      leakedTokens: 'revoke',
      passwordMinLength: 15,
      sealKeys: [],
      argon2: { memoryKib: 19_456, passes: 2 },
      loginLimitPerAccount: 10,
      loginLimitPerAddress: 100,
      writeLimitPerUser: 20_000,
      metrics: 'token',
      auditKey: undefined,
      auditRetentionDays: 400,
      logLevel: 'info',
      drainSeconds: 0,
      shutdownSeconds: 10,
    });
  });

  it('treats an empty value as not set', () => {
    expect(Config.read({ PORT: '', LATCHKEY_ADMIN_PASSWORD: '', DATABASE_URL: '' })).toEqual(Config.read({}));
  });

  it('ignores variables of other programs', () => {
    expect(Config.read({ PATH: '/bin', HOME: '/root', SOME_FILE: '/nowhere' })).toEqual(Config.read({}));
  });

  it('keeps its data in the folder of the database file', () => {
    expect(Config.read({ DATABASE_URL: 'sqlite:/srv/db/latchkey.sqlite' }).dataDirectory).toBe('/srv/db');
  });

  it('accepts another data folder', () => {
    const config = Config.read({ DATABASE_URL: 'sqlite:/srv/a.sqlite', LATCHKEY_DATA_DIR: '/srv/data' });

    expect(config.dataDirectory).toBe('/srv/data');
  });

  it.each(['sqlite:/srv/a.sqlite', 'sqlite:///srv/a.sqlite'])('reads the file of %s', (url) => {
    expect(Config.read({ DATABASE_URL: url }).database).toEqual({ kind: 'sqlite', file: '/srv/a.sqlite' });
  });

  it('derives the public URL from host and port, with IPv6 in brackets', () => {
    expect(Config.read({ HOST: '::1', PORT: '8080' }).publicUrl).toBe('http://[::1]:8080');
    // URLs have no zones.
    expect(Config.read({ HOST: 'fe80::1%eth0' }).publicUrl).toBe('http://[fe80::1]:3000');
    // A link cannot point to the unspecified address.
    expect(Config.read({ HOST: '0.0.0.0' }).publicUrl).toBe(`http://${hostname()}:3000`);
  });

  it('ignores a trailing slash of origins', () => {
    const { publicUrl, corsOrigins } = Config.read({
      LATCHKEY_PUBLIC_URL: 'https://auth.example.com/',
      LATCHKEY_CORS_ORIGINS: 'https://a.example.com/, https://b.example.com:8443',
    });

    expect(publicUrl).toBe('https://auth.example.com');
    expect(corsOrigins).toEqual(['https://a.example.com', 'https://b.example.com:8443']);
  });

  it('accepts addresses and networks of proxies', () => {
    expect(Config.read({ LATCHKEY_TRUSTED_PROXIES: '10.0.0.7, fd00::/8,' }).trustedProxies).toEqual([
      '10.0.0.7',
      'fd00::/8',
    ]);
  });

  it('accepts names, addresses and networks of webhook receivers', () => {
    const hosts = [
      'chat.internal',
      'localhost',
      'xn--bcher-kva.example',
      '3com.example',
      '10.1.0.0/16',
      'fd00::7',
    ];

    expect(Config.read({ LATCHKEY_EVENT_HOSTS: hosts.join(', ') }).eventHosts).toEqual(hosts);
  });

  it('converts the name of the administrator to its canonical form', () => {
    expect(Config.read({ LATCHKEY_ADMIN_NAME: 'ＲＯＯＴ' }).adminName).toBe('root');
  });

  it('reads the mail server with its default port, and the sender with its name', () => {
    const environment = {
      LATCHKEY_SMTP_URL: 'smtp://anna%40example.org:p%3Ass@mail.example.org',
      LATCHKEY_MAIL_FROM: 'Latchkey <latchkey@example.org>',
      LATCHKEY_PUBLIC_URL: 'https://auth.example.org',
    };

    expect(Config.read(environment).mail).toEqual({
      host: 'mail.example.org',
      port: 587,
      isSecure: false,
      credentials: { user: 'anna@example.org', pass: 'p:ss' },
      sender: { name: 'Latchkey', address: 'latchkey@example.org' },
    });
    const local = { ...environment, LATCHKEY_SMTP_URL: 'smtps://[::1]', LATCHKEY_MAIL_FROM: 'a@example.org' };
    expect(Config.read(local).mail).toEqual({
      host: '::1',
      port: 465,
      isSecure: true,
      credentials: undefined,
      sender: { name: '', address: 'a@example.org' },
    });
  });

  it('accepts a duration of two seconds', () => {
    expect(Config.read({ LATCHKEY_SESSION_IDLE_SECONDS: '2' }).sessionIdleSeconds).toBe(2);
  });
});

describe('Config.read with an invalid value', () => {
  it('lists the words that a variable accepts', () => {
    expect(() => Config.read({ LATCHKEY_LOG_LEVEL: 'loud' })).toThrow(
      /^LATCHKEY_LOG_LEVEL: must be fatal, error, warn, info, debug or trace$/,
    );
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['DATABASE_URL', 'mysql://localhost/latchkey'],
    ['DATABASE_URL', 'sqlite:'],
    ['DATABASE_URL', 'postgres://localhost:port/latchkey'],
    ['LATCHKEY_ADMIN_NAME', 'no spaces'],
    ['LATCHKEY_ADMIN_NAME', 'me'],
    ['LATCHKEY_ADMIN_PASSWORD', 'short'],
    ['LATCHKEY_ADMIN_PASSWORD', 'with a\ttab in it'],
    ['LATCHKEY_PUBLIC_URL', 'auth.example.com'],
    ['LATCHKEY_PUBLIC_URL', 'https://auth.example.com/path'],
    ['LATCHKEY_PUBLIC_URL', 'ftp://auth.example.com'],
    ['LATCHKEY_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['LATCHKEY_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['LATCHKEY_TRUSTED_PROXIES', '::ffff:10.0.0.0/95'],
    ['LATCHKEY_TRUSTED_PROXIES', 'fe80::1%eth0'],
    ['LATCHKEY_TRUSTED_PROXIES', '010.0.0.7'],
    ['LATCHKEY_TRUSTED_PROXIES', 'loopback'],
    ['LATCHKEY_TRUSTED_PROXIES', '10.0.0.1/8/8'],
    ['LATCHKEY_CORS_ORIGINS', '*'],
    ['LATCHKEY_CORS_ORIGINS', 'null'],
    ['LATCHKEY_CORS_ORIGINS', 'https://a.example.com,*'],
    ['LATCHKEY_CORS_ORIGINS', 'https://*.example.com'],
    ['LATCHKEY_EVENT_HOSTS', '0.0.0.0/0'],
    ['LATCHKEY_EVENT_HOSTS', '10.0.0.0/33'],
    ['LATCHKEY_EVENT_HOSTS', '*.example.com'],
    ['LATCHKEY_EVENT_HOSTS', 'https://chat.internal'],
    ['LATCHKEY_EVENT_HOSTS', 'chat.internal:8443'],
    ['LATCHKEY_EVENT_HOSTS', '0x7f000001'],
    ['LATCHKEY_EVENT_HOSTS', '127.1'],
    ['LATCHKEY_EVENT_HOSTS', '2130706433'],
    ['HOST', '300.1.1.1'],
    ['HOST', '[::1]'],
    ['HOST', '127.0.0.1:3000'],
    ['HOST', 'localhost/'],
    ['HOST', 'two hosts'],
    ['LATCHKEY_SESSION_IDLE_SECONDS', '0'],
    ['LATCHKEY_SESSION_IDLE_SECONDS', '1.5'],
    ['LATCHKEY_SESSION_IDLE_SECONDS', '1h'],
    ['LATCHKEY_SESSION_MAX_SECONDS', '-1'],
    ['LATCHKEY_SESSION_MAX_SECONDS', '99999999999999999999'],
    ['LATCHKEY_API_TOKEN_DEFAULT_SECONDS', '0x10'],
    ['LATCHKEY_API_TOKEN_MAX_SECONDS', 'never'],
    ['LATCHKEY_API_TOKEN_NO_EXPIRY', 'yes'],
    ['LATCHKEY_API_TOKENS_PER_USER', '0'],
    ['LATCHKEY_TOKEN_PREFIX', 'abcd_'],
    ['LATCHKEY_TOKEN_PREFIX', 'abcdefghijk_'],
    ['LATCHKEY_TOKEN_PREFIX', 'acme-prod'],
    ['LATCHKEY_LEAKED_TOKENS', 'delete'],
    ['LATCHKEY_TOKEN_CACHE_SECONDS', '301'],
    ['LATCHKEY_PASSWORD_MIN_LENGTH', '7'],
    ['LATCHKEY_PASSWORD_MIN_LENGTH', '257'],
    ['LATCHKEY_ARGON2_MEMORY_KIB', '19455'],
    ['LATCHKEY_ARGON2_PASSES', '1'],
    ['LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT', '0'],
    ['LATCHKEY_LOGIN_LIMIT_PER_ADDRESS', 'ten'],
    ['LATCHKEY_AUDIT_KEY', 'c2hvcnQ='],
    ['LATCHKEY_AUDIT_KEY', `${KEY}AAAA`],
    ['LATCHKEY_SEAL_KEY', `${KEY},c2hvcnQ=`],
    ['LATCHKEY_SMTP_URL', 'mail.example.org'],
    ['LATCHKEY_SMTP_URL', 'https://mail.example.org'],
    ['LATCHKEY_SMTP_URL', 'smtp://mail.example.org/path'],
    ['LATCHKEY_SMTP_URL', 'smtp://mail.example.org?tls=no'],
    ['LATCHKEY_SMTP_URL', 'smtp://anna:100%@mail.example.org'],
    ['LATCHKEY_MAIL_FROM', 'nobody'],
    ['LATCHKEY_MAIL_FROM', 'a@example.org, b@example.org'],
    ['LATCHKEY_MAIL_FROM', 'Latch\nkey <latchkey@example.org>'],
    ['LATCHKEY_AUDIT_RETENTION_DAYS', '-1'],
    ['LATCHKEY_METRICS', 'public'],
    ['LATCHKEY_LOG_LEVEL', 'verbose'],
    ['LATCHKEY_WORKERS', '0'],
    ['LATCHKEY_WORKERS', '2'],
    ['LATCHKEY_WORKERS', '65'],
    ['LATCHKEY_DATABASE_POOL', '0'],
    ['LATCHKEY_STATEMENT_TIMEOUT_MS', '9'],
    ['LATCHKEY_DRAIN_SECONDS', '-1'],
    ['LATCHKEY_SHUTDOWN_SECONDS', '0'],
  ])('rejects %s=%s in one line that begins with its name', (name, value) => {
    const line = rejectionOf({ [name]: value });

    expect(line).toMatch(new RegExp(`^${name}: .`));
    expect(line).not.toContain('\n');
  });

  it('has an invalid example for every variable but free texts', () => {
    const free = ['LATCHKEY_DATA_DIR'];
    const rejected = Object.keys(VARIABLES).filter((name) => {
      try {
        Config.read({ [name]: '\u0007' });
        return false;
      } catch {
        return true;
      }
    });

    expect(rejected.sort()).toEqual(
      Object.keys(VARIABLES)
        .filter((name) => !free.includes(name))
        .sort(),
    );
  });

  it('does not repeat a secret', () => {
    expect(rejectionOf({ LATCHKEY_ADMIN_PASSWORD: 'secret1' })).not.toContain('secret1');
    expect(rejectionOf({ LATCHKEY_AUDIT_KEY: 'secret1' })).not.toContain('secret1');
    expect(rejectionOf({ DATABASE_URL: 'mysql://root:secret1@db/x' })).not.toContain('secret1');
  });

  it.each([
    ['LATCHKEY_SESION_MAX_SECONDS', 'LATCHKEY_SESSION_MAX_SECONDS'],
    ['LATCHKEY_LOG_LVL', 'LATCHKEY_LOG_LEVEL'],
    ['LATCHKEY_AUDIT_KY_FILE', 'LATCHKEY_AUDIT_KEY_FILE'],
    ['LATCHKEY_PORT', 'PORT'],
    ['LATCHKEY_DATABASE_URL', 'DATABASE_URL'],
    ['LATCHKEY_DATABASE_URL_FILE', 'DATABASE_URL_FILE'],
    ['LATCHKEY_DATBASE_URL', 'DATABASE_URL'],
  ])('rejects %s, and suggests %s', (name, meant) => {
    expect(rejectionOf({ [name]: '60' })).toBe(
      `${name}: no such variable. Did you mean ${meant}? If your shell sets it, run: unset ${name}`,
    );
  });

  it('rejects an unknown LATCHKEY_ variable that is similar to none', () => {
    expect(rejectionOf({ LATCHKEY_COLOUR: 'red' })).toBe(
      `LATCHKEY_COLOUR: no such variable. ${LATCHKEY} config init --print lists all variables. If your shell sets it, run: unset LATCHKEY_COLOUR`,
    );
  });

  it.each([
    [{ LATCHKEY_SMTP_URL: 'smtps://mail.example.org' }, /^LATCHKEY_MAIL_FROM: /],
    [{ LATCHKEY_MAIL_FROM: 'latchkey@example.org' }, /^LATCHKEY_SMTP_URL: /],
    [
      { LATCHKEY_SMTP_URL: 'smtps://mail.example.org', LATCHKEY_MAIL_FROM: 'latchkey@example.org' },
      /^LATCHKEY_PUBLIC_URL: .*links/,
    ],
  ])('rejects %j alone', (environment, message) => {
    expect(rejectionOf(environment)).toMatch(message);
  });

  it('rejects PostgreSQL without an audit key', () => {
    expect(rejectionOf({ DATABASE_URL: POSTGRES })).toMatch(/^LATCHKEY_AUDIT_KEY: .*PostgreSQL/);
  });

  it('accepts PostgreSQL with an audit key', () => {
    const config = Config.read({ DATABASE_URL: POSTGRES, LATCHKEY_AUDIT_KEY: KEY });

    expect(config.database).toEqual({ kind: 'postgres', url: POSTGRES });
    expect(config.dataDirectory).toBe(resolve('data'));
  });
});

describe('Config.read with X_FILE', () => {
  let folder: string;
  let file: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-config-'));
    file = join(folder, 'password');
    writeFileSync(file, 'a password from a file\n');
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads the value from the file, without the newline', () => {
    expect(Config.read({ LATCHKEY_ADMIN_PASSWORD_FILE: file }).adminPassword).toBe('a password from a file');
  });

  it('rejects a second line', () => {
    const two = join(folder, 'two');
    writeFileSync(two, 'a password from a file\nand more of it\n');

    expect(rejectionOf({ LATCHKEY_ADMIN_PASSWORD_FILE: two })).toMatch(/^LATCHKEY_ADMIN_PASSWORD: /);
  });

  it('rejects the variable together with its file', () => {
    const line = rejectionOf({
      LATCHKEY_ADMIN_PASSWORD_FILE: file,
      LATCHKEY_ADMIN_PASSWORD: 'another password',
    });

    expect(line).toMatch(/^LATCHKEY_ADMIN_PASSWORD_FILE: LATCHKEY_ADMIN_PASSWORD is set as well/);
  });

  it('accepts the file if the variable is empty', () => {
    const environment = { LATCHKEY_ADMIN_PASSWORD_FILE: file, LATCHKEY_ADMIN_PASSWORD: '' };

    expect(Config.read(environment).adminPassword).toBe('a password from a file');
  });

  it('rejects a missing file, and a folder', () => {
    const missing = join(folder, 'none');

    expect(rejectionOf({ LATCHKEY_ADMIN_PASSWORD_FILE: missing })).toBe(
      `LATCHKEY_ADMIN_PASSWORD_FILE: ${missing} does not exist. Check the path`,
    );
    expect(rejectionOf({ LATCHKEY_AUDIT_KEY_FILE: folder })).toBe(
      `LATCHKEY_AUDIT_KEY_FILE: ${folder} is a folder, not a file`,
    );
  });

  it('rejects the file of an unknown variable', () => {
    expect(rejectionOf({ LATCHKEY_SECRET_FILE: file })).toMatch(/^LATCHKEY_SECRET_FILE: /);
  });

  it('validates the content of the file', () => {
    expect(rejectionOf({ LATCHKEY_AUDIT_KEY_FILE: file })).toMatch(/^LATCHKEY_AUDIT_KEY: /);
  });
});

describe('Config.read with systemd credentials', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-credentials-'));
    writeFileSync(join(folder, 'latchkey.LATCHKEY_ADMIN_PASSWORD'), 'a password from a credential\n');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads the value of the variable, without the newline', () => {
    writeFileSync(join(folder, 'other-credential'), 'ignored');

    const { adminPassword, settings } = Config.read({ CREDENTIALS_DIRECTORY: folder });

    expect(adminPassword).toBe('a password from a credential');
    expect(settings).toContainEqual({ name: 'LATCHKEY_ADMIN_PASSWORD', source: 'file', isSet: true });
  });

  it.each([
    ['the variable', { LATCHKEY_ADMIN_PASSWORD: 'another password' }],
    ['its file', { LATCHKEY_ADMIN_PASSWORD_FILE: import.meta.filename }],
  ])('rejects %s together with the credential', (_, environment) => {
    expect(rejectionOf({ ...environment, CREDENTIALS_DIRECTORY: folder })).toMatch(
      /latchkey\.LATCHKEY_ADMIN_PASSWORD: LATCHKEY_ADMIN_PASSWORD is set as well/,
    );
  });

  it('rejects the credential of an unknown variable', () => {
    writeFileSync(join(folder, 'latchkey.LATCHKEY_AUDIT_KY'), KEY);

    expect(rejectionOf({ CREDENTIALS_DIRECTORY: folder })).toMatch(
      /latchkey\.LATCHKEY_AUDIT_KY: no such variable/,
    );
  });

  it('ignores a missing folder', () => {
    expect(Config.read({ CREDENTIALS_DIRECTORY: join(folder, 'none') })).toEqual(Config.read({}));
  });
});

describe('Config.readForVerifier', () => {
  const LATCHKEY_URL = 'https://auth.example.com';
  const token = 'latchkey_x';

  it('reads the server and the token, and needs no database for several workers', () => {
    const environment = { LATCHKEY_URL: `${LATCHKEY_URL}/`, LATCHKEY_TOKEN: token, LATCHKEY_WORKERS: '2' };

    const { upstream, workers } = Config.readForVerifier(environment);

    expect(upstream).toEqual({ url: LATCHKEY_URL, token, tokenFile: undefined });
    expect(workers).toBe(2);
  });

  it('keeps the path of the file with the token', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'latchkey-config-')), 'token');
    writeFileSync(file, `${token}\n`);

    const { upstream } = Config.readForVerifier({ LATCHKEY_URL, LATCHKEY_TOKEN_FILE: file });
    rmSync(dirname(file), { recursive: true });

    expect(upstream).toEqual({ url: LATCHKEY_URL, token, tokenFile: file });
  });

  it.each<[NodeJS.ProcessEnv, RegExp]>([
    [{}, /^LATCHKEY_URL and LATCHKEY_TOKEN_FILE: must be set/],
    [{ LATCHKEY_URL }, /^LATCHKEY_URL and LATCHKEY_TOKEN_FILE: must be set/],
    [{ LATCHKEY_TOKEN: token }, /^LATCHKEY_URL and LATCHKEY_TOKEN_FILE: must be set/],
    [{ LATCHKEY_URL: 'auth.example.com', LATCHKEY_TOKEN: token }, /^LATCHKEY_URL: must be an origin/],
    [{ LATCHKEY_URL: `${LATCHKEY_URL}/auth`, LATCHKEY_TOKEN: token }, /^LATCHKEY_URL: must be an origin/],
    [{ LATCHKEY_URL: 'https://a:b@auth.example.com', LATCHKEY_TOKEN: token }, /^LATCHKEY_URL: must be an/],
    [{ LATCHKEY_URL, LATCHKEY_TOKEN: 'two words' }, /^LATCHKEY_TOKEN: must be a token/],
    [{ LATCHKEY_URL, LATCHKEY_TOKEN_FILE: '/no/such/file' }, /^LATCHKEY_TOKEN_FILE: .*does not exist/],
    [{ LATCHKEY_URL, LATCHKEY_TOKEN: token, LATCHKEY_ULR: 'x' }, /^LATCHKEY_ULR: .*LATCHKEY_URL\?/],
  ])('rejects %j', (environment, message) => {
    expect(() => Config.readForVerifier(environment)).toThrow(ConfigurationError);
    expect(() => Config.readForVerifier(environment)).toThrow(message);
  });
});
