import { ADMIN, PASSWORD } from './factories.js';

/** Complete secret of a token. Previews are shorter. */
const TOKEN = /latchkey_[0-9A-Za-z]{33}/;
const HASH = /\$argon2|\$2[aby]\$\d\d\$|\$scrypt\$|\$pbkdf2/;
/** Possible base64, in either alphabet. */
const WORD = /[\w+/-]{16,}/g;
/** Shorter values could be ordinary words of the log. */
const SHORTEST_CREDENTIAL = 16;

const sent = new Set<string>();

/** Records the credentials in a request's header fields, to search for them in the server's output. */
export function recordCredentials(headers: Record<string, string> = {}): void {
  for (const [name, value] of Object.entries(headers)) {
    const credentials =
      { authorization: [value.replace(/^\S+ +/, '')], 'x-auth-token': [value], cookie: cookies(value) }[
        name.toLowerCase()
      ] ?? [];
    credentials
      .map((credential) => credential.trim().replace(/=+$/, ''))
      .filter((credential) => credential.length >= SHORTEST_CREDENTIAL && !/\s/.test(credential))
      .forEach((credential) => sent.add(credential));
  }
}

const cookies = (value: string) => value.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1));

/**
 * @throws {Error} if the output of a server contains a credential, a hash, or the database password, as
 *   plain text or base64.
 */
export function rejectLeaks(output: string, databaseUrl = ''): void {
  const databasePassword = /:\/\/[^/@]*:([^/@]+)@/.exec(databaseUrl)?.[1];
  const secrets = [ADMIN.password, PASSWORD, ...(databasePassword ? [`:${databasePassword}@`] : [])];
  const isLeak = (text: string) =>
    TOKEN.test(text) || HASH.test(text) || secrets.some((secret) => text.includes(secret));

  const line = output.split('\n').find((each) => {
    const words = each.match(WORD) ?? [];
    return (
      isLeak(each) || words.some((word) => sent.has(word) || isLeak(Buffer.from(word, 'base64').toString()))
    );
  });
  if (line !== undefined) {
    throw new Error(`The output of the server contains a secret: ${line}`);
  }
}

const KINDS: [string, RegExp][] = [
  ['token', /latchkey_[0-9A-Za-z]{33}/],
  ['hash', /\$argon2/],
  ['password', new RegExp(PASSWORD)],
];

/** Possible base64 of a digest, or of a name with a token. */
const ENCODED = /[A-Za-z0-9+/_-]{40,}/g;

/** Returns the kinds of secrets in a text, as plain text or base64. */
export function findSecrets(text: string): string[] {
  const decoded = (text.match(ENCODED) ?? []).map((run) => Buffer.from(run, 'base64').toString('latin1'));
  const whole = [text, ...decoded].join('\n');
  return KINDS.filter(([, pattern]) => pattern.test(whole)).map(([kind]) => kind);
}

/** Returns the possible encodings of a secret, to search for in a file that is read as Latin-1. */
export function encodingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    bytes.toString('latin1'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    Buffer.from(secret, 'utf16le').toString('latin1'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ];
}
