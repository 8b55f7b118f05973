import { ADMIN, PASSWORD } from './factories.js';

/** A token's whole secret; what lists show of one is shorter. */
const TOKEN = /lk_[0-9A-Za-z]{33}/;
const HASH = /\$argon2|\$2[aby]\$\d\d\$|\$scrypt\$|\$pbkdf2/;
/** What may be base64, in either alphabet. */
const WORD = /[\w+/-]{16,}/g;
/** Shorter values that a test sends as credentials are words of the log as well. */
const SHORTEST_CREDENTIAL = 16;

const sent = new Set<string>();

/** Remembers the credentials in a request's header fields, to search the server's output for them when it stops. */
export function rememberCredentials(headers: Record<string, string> = {}): void {
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

/** @throws {Error} if a server wrote a credential, a hash, or the password of its database, in clear or in base64. */
export function refuseLeaks(output: string, databaseUrl = ''): void {
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
    throw new Error(`The server wrote a secret: ${line}`);
  }
}
