import { ARGON2 } from './schemes/argon2.scheme.js';
import { BCRYPT } from './schemes/bcrypt.scheme.js';
import { type HashScheme } from './schemes/hash-scheme.js';
import { PBKDF2 } from './schemes/pbkdf2.scheme.js';
import { SCRYPT } from './schemes/scrypt.scheme.js';

const SCHEMES = [ARGON2, BCRYPT, SCRYPT, PBKDF2];

/** Maximum length of an imported hash. Valid ones are far shorter. */
const LENGTH_MAX = 512;

/** Prefixes of other systems, with the equivalent that is accepted. */
const FOREIGN_FORMS: [RegExp, string][] = [
  [
    /^pbkdf2_sha\d+\$/,
    "is in Django's form: rewrite it as $pbkdf2-sha256$i=ITERATIONS$SALT$HASH, the salt in Base64, the hash without =",
  ],
  [
    /^scrypt:/,
    "is in Werkzeug's form: rewrite it as $scrypt$ln=15,r=8,p=1$SALT$HASH, the salt in Base64, the hash from hexadecimal into Base64",
  ],
  [/^\{\w+\}\$/, "is in Spring's form: leave out what is in braces, {bcrypt} for one"],
];

/** Returns the scheme of a hash; `undefined` if it is unknown. */
export function schemeOf(hash: string): HashScheme | undefined {
  return SCHEMES.find((scheme) => scheme.claims(hash));
}

/** Returns the parts of a hash that determine the duration of a check: scheme, parameters and key length. */
export function costOf(hash: string): string {
  const fields = hash.split('$');
  // bcrypt has salt and key in one field.
  const parameters = fields.slice(0, BCRYPT.claims(hash) ? -1 : -2);
  return [...parameters, fields.at(-1)?.length].join('$');
}

/** Returns why a hash of another system cannot be used; `undefined` if it can. */
export function flawOfHash(hash: string): string | undefined {
  const scheme = hash.length <= LENGTH_MAX ? schemeOf(hash) : undefined;
  if (scheme) {
    return scheme.flaw(hash);
  }
  const [, rewriting] = FOREIGN_FORMS.find(([form]) => form.test(hash)) ?? [];
  return (
    rewriting ?? `is not a hash of ${SCHEMES.map(({ name }) => name).join(', ')} in PHC or modular crypt form`
  );
}
