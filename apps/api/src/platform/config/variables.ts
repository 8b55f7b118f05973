import { Buffer } from 'node:buffer';
import { isIPv6 } from 'node:net';
import {
  canonicalUserName,
  isPassword,
  parseNetwork,
  PASSWORD_ABSOLUTE_MIN_LENGTH,
  PASSWORD_DEFAULT_MIN_LENGTH,
  TOKEN_PREFIX_DEFAULT,
  TOKEN_PREFIX_PATTERN,
} from '@latchkey/auth-models/lists';
import { makeValidator, str } from 'envalid';
import { mostSimilar } from '../../common/most-similar.js';
import { LATCHKEY } from '../../common/program-name.js';
import { parseSender, parseSmtpUrl } from './mail-settings.js';

/**
 * Host name of labels separated by dots (RFC 1123, section 2.1). The last one has a letter, because URLs turn
 * all other names into addresses.
 */
const HOST_NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*(?=[a-z0-9-]*[a-z])(?!0x[0-9a-f]*$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Validates a whole number from `least` to `most`. */
const whole = (least: number, most = Number.MAX_SAFE_INTEGER) =>
  makeValidator<number>((text) => {
    if (!/^\d{1,16}$/.test(text) || Number(text) < least || Number(text) > most) {
      throw new Error(`must be a whole number from ${least} to ${most}`);
    }
    return Number(text);
  });

const seconds = (least = 1) => whole(least, 3_155_760_000);

/** Validates one of several words. */
const oneOf = <Word extends string>(...words: [Word, ...Word[]]) =>
  makeValidator<Word>((text) => {
    const word = words.find((known) => known === text);
    if (word === undefined) {
      throw new Error(`must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`);
    }
    return word;
  });

const flag = makeValidator<boolean>((text) => {
  if (text !== 'true' && text !== 'false') {
    throw new Error('must be true or false');
  }
  return text === 'true';
});

/** Validates a comma-separated list. `check` throws for an invalid item. */
const list = (check: (item: string) => void) =>
  makeValidator<string[]>((text) => {
    const items = text.split(',').map((item) => item.trim());
    const filled = items.filter((item) => item !== '');
    filled.forEach(check);
    return filled;
  });

const databaseUrl = makeValidator<string>((text) => {
  if (!/^sqlite:.+/.test(text) && !(/^postgres(ql)?:\/\//.test(text) && URL.canParse(text))) {
    throw new Error('must be sqlite:FILE or postgres://USER:PASSWORD@HOST:PORT/DATABASE');
  }
  return text;
});

const httpOrigin = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  // Hosts in URLs may have an asterisk, but browsers never send one: it would be meant as a wildcard.
  const isOrigin = url?.origin === text.replace(/\/$/, '') && !text.includes('*');
  if (!url || !isOrigin || !/^https?:$/.test(url.protocol)) {
    throw new Error(
      'must be an origin such as https://auth.example.com: scheme, host and port, nothing else',
    );
  }
  return url.origin;
};

/**
 * Accepts what the default public URL can contain. Only a start shows whether it is an address of this
 * machine.
 */
const host = makeValidator<string>((text) => {
  if (!isIPv6(text) && (/[:/?#@\\]/.test(text) || !URL.canParse(`http://${text}`))) {
    throw new Error('must be an IP address or a host name, without port, such as 127.0.0.1');
  }
  return text;
});

const proxy = (text: string): void => {
  const network = parseNetwork(text);
  if (!network) {
    throw new Error(
      'must be IP addresses and CIDR blocks separated by commas, such as 10.0.0.7,fd00::/8, without zones',
    );
  }
  if (network.prefix === 0) {
    throw new Error('must not trust all addresses, because every client could then forge its address');
  }
};

const eventHost = (text: string): void => {
  const network = parseNetwork(text);
  if (!network && !HOST_NAME.test(text)) {
    throw new Error(
      'must be host names, IP addresses and CIDR blocks separated by commas, without scheme and port, such as chat.internal,10.1.0.0/16',
    );
  }
  if (network?.prefix === 0) {
    throw new Error('must not allow all addresses; list the networks of your receivers');
  }
};

const userName = makeValidator<string>((text) => {
  const name = canonicalUserName(text);
  if (name === null) {
    throw new Error('must be a user name: 1 to 64 letters, digits or . _ - @ +');
  }
  return name;
});

const password = makeValidator<string>((text) => {
  // The start checks the configured length.
  if (!isPassword(text, { minLength: PASSWORD_ABSOLUTE_MIN_LENGTH })) {
    throw new Error(
      `must be a password of at least ${PASSWORD_DEFAULT_MIN_LENGTH} printable characters (see LATCHKEY_PASSWORD_MIN_LENGTH)`,
    );
  }
  return text;
});

const tokenPrefix = makeValidator<string>((text) => {
  if (!TOKEN_PREFIX_PATTERN.test(text)) {
    throw new Error('must have 6 to 11 letters, digits or _, start with a letter, and end with _');
  }
  return text;
});

const keyText = (text: string): string => {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text) || Buffer.from(text, 'base64').length !== 32) {
    throw new Error('must be 32 bytes in base64, such as the output of: openssl rand -base64 32');
  }
  return text;
};

const smtpUrl = makeValidator<string>((text) => {
  if (!parseSmtpUrl(text)) {
    throw new Error(
      'must be smtp://USER:PASSWORD@HOST:PORT (STARTTLS) or smtps://…, with special characters percent-encoded',
    );
  }
  return text;
});

const mailSender = makeValidator<string>((text) => {
  if (!parseSender(text)) {
    throw new Error(
      'must be an e-mail address, such as latchkey@example.org or Latchkey <latchkey@example.org>',
    );
  }
  return text;
});

const verifierToken = makeValidator<string>((text) => {
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw new Error('must be a token with the permission tokens:introspect, on one line');
  }
  return text;
});

/**
 * All variables that the server reads, with their defaults, in the order of `.env.example`, which explains
 * each.
 */
export const VARIABLES = {
  HOST: host({ default: '127.0.0.1' }),
  PORT: whole(1, 65_535)({ default: 3000 }),
  DATABASE_URL: databaseUrl({ default: 'sqlite:data/latchkey.sqlite' }),
  LATCHKEY_DATA_DIR: str({ default: undefined }),
  LATCHKEY_ADMIN_NAME: userName({ default: 'admin' }),
  LATCHKEY_ADMIN_PASSWORD: password({ default: undefined }),
  LATCHKEY_PUBLIC_URL: makeValidator<string>(httpOrigin)({ default: undefined }),
  LATCHKEY_TRUSTED_PROXIES: list(proxy)({ default: [] }),
  LATCHKEY_CORS_ORIGINS: list(httpOrigin)({ default: [] }),
  LATCHKEY_EVENT_HOSTS: list(eventHost)({ default: [] }),
  LATCHKEY_AUDIT_KEY: makeValidator<string>(keyText)({ default: undefined }),
  LATCHKEY_SEAL_KEY: list(keyText)({ default: [] }),
  LATCHKEY_SMTP_URL: smtpUrl({ default: undefined }),
  LATCHKEY_MAIL_FROM: mailSender({ default: undefined }),
  LATCHKEY_SESSION_IDLE_SECONDS: seconds()({ default: 604_800 }),
  LATCHKEY_SESSION_MAX_SECONDS: seconds()({ default: 2_592_000 }),
  LATCHKEY_SECOND_FACTOR: oneOf('optional', 'administrators', 'all')({ default: 'optional' }),
  LATCHKEY_FRESH_SECONDS: whole(60, 31_622_400)({ default: 300 }),
  LATCHKEY_API_TOKEN_DEFAULT_SECONDS: seconds()({ default: 7_776_000 }),
  LATCHKEY_API_TOKEN_MAX_SECONDS: seconds()({ default: 31_622_400 }),
  LATCHKEY_API_TOKEN_NO_EXPIRY: flag({ default: false }),
  LATCHKEY_API_TOKENS_PER_USER: whole(1, 100_000)({ default: 50 }),
  LATCHKEY_TOKEN_PREFIX: tokenPrefix({ default: TOKEN_PREFIX_DEFAULT }),
  LATCHKEY_LEAKED_TOKENS: oneOf('revoke', 'disable')({ default: 'revoke' }),
  LATCHKEY_TOKEN_CACHE_SECONDS: whole(0, 300)({ default: 2 }),
  LATCHKEY_PASSWORD_MIN_LENGTH: whole(
    PASSWORD_ABSOLUTE_MIN_LENGTH,
    256,
  )({ default: PASSWORD_DEFAULT_MIN_LENGTH }),
  LATCHKEY_ARGON2_MEMORY_KIB: whole(19_456, 4_194_304)({ default: 19_456 }),
  LATCHKEY_ARGON2_PASSES: whole(2, 100)({ default: 2 }),
  LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: whole(1, 1_000_000)({ default: 10 }),
  LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: whole(1, 1_000_000)({ default: 100 }),
  LATCHKEY_WRITE_LIMIT_PER_USER: whole(2, 1_000_000_000)({ default: 20_000 }),
  LATCHKEY_AUDIT_RETENTION_DAYS: whole(0, 36_500)({ default: 400 }),
  LATCHKEY_METRICS: oneOf('token', 'off', 'open')({ default: 'token' }),
  LATCHKEY_LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace')({ default: 'info' }),
  LATCHKEY_WORKERS: whole(1, 64)({ default: 1 }),
  LATCHKEY_DATABASE_POOL: whole(1, 1_000)({ default: 10 }),
  LATCHKEY_STATEMENT_TIMEOUT_MS: whole(10, 600_000)({ default: 2_000 }),
  LATCHKEY_DRAIN_SECONDS: whole(0, 3_600)({ default: 0 }),
  LATCHKEY_SHUTDOWN_SECONDS: seconds()({ default: 10 }),
};

/** Variables that only `latchkey verifier` reads. It also reads those of the server, except for its data. */
export const VERIFIER_VARIABLES = {
  LATCHKEY_URL: makeValidator<string>(httpOrigin)({ default: undefined }),
  LATCHKEY_TOKEN: verifierToken({ default: undefined }),
};

/** All variables. */
export const ALL_VARIABLES = { ...VARIABLES, ...VERIFIER_VARIABLES };

/** Name of a variable. */
export type VariableName = keyof typeof ALL_VARIABLES;

/** Suffix of variables that name a file with the value. */
export const FILE_SUFFIX = '_FILE';

/** Returns the variable that `X` or `X_FILE` sets, if there is one. */
export function variableSetBy(name: string): VariableName | undefined {
  const target = name.endsWith(FILE_SUFFIX) ? name.slice(0, -FILE_SUFFIX.length) : name;
  return Object.hasOwn(ALL_VARIABLES, target) ? (target as VariableName) : undefined;
}

/** Variables whose values are never shown. */
export const SECRET_VARIABLES: ReadonlySet<VariableName> = new Set([
  'LATCHKEY_ADMIN_PASSWORD',
  'LATCHKEY_AUDIT_KEY',
  'LATCHKEY_SEAL_KEY',
]);

const PREFIX = 'LATCHKEY_';

/**
 * Returns advice for a name that is not a variable: the variable that was probably meant, or how to list all
 * of them.
 */
export function adviseOnName(name: string): string {
  const upper = name.toUpperCase();
  const forms = [upper, upper.replace(PREFIX, ''), PREFIX + upper];
  const meant =
    forms.find(variableSetBy) ?? forms.map(mostSimilarVariable).find((known) => known !== undefined);
  return meant === undefined
    ? `${LATCHKEY} config init --print lists all variables.`
    : `Did you mean ${meant}?`;
}

function mostSimilarVariable(name: string): string | undefined {
  const suffix = name.endsWith(FILE_SUFFIX) ? FILE_SUFFIX : '';
  return mostSimilar(
    name,
    Object.keys(ALL_VARIABLES).map((known) => known + suffix),
  );
}
