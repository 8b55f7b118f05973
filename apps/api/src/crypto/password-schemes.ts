import { ARGON2 } from './schemes/argon2.scheme.js';
import { BCRYPT } from './schemes/bcrypt.scheme.js';
import { type HashScheme } from './schemes/hash-scheme.js';
import { PBKDF2 } from './schemes/pbkdf2.scheme.js';
import { SCRYPT } from './schemes/scrypt.scheme.js';

const SCHEMES = [ARGON2, BCRYPT, SCRYPT, PBKDF2];

/** Longest hash that is taken from another system; the longest that has no flaw is far shorter. */
const LENGTH_MAX = 512;

/** The scheme that made a hash; `undefined` if none that is known here did. */
export function schemeOf(hash: string): HashScheme | undefined {
  return SCHEMES.find((scheme) => scheme.claims(hash));
}

/** What is wrong with a hash that another system made; `undefined` if log-ins can be checked against it. */
export function flawOfHash(hash: string): string | undefined {
  const scheme = hash.length <= LENGTH_MAX ? schemeOf(hash) : undefined;
  return scheme
    ? scheme.flaw(hash)
    : `is no hash of ${SCHEMES.map(({ name }) => name).join(', ')} in PHC or modular crypt form`;
}
