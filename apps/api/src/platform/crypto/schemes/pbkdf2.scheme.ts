import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type HashScheme, KEY_MIN_BYTES, phcBytes } from './hash-scheme.js';

const derive = promisify(pbkdf2);

/** PHC (`i=600000,l=32`) and passlib (`29000`). Without a digest it is SHA-1, as in RFC 2898. */
const FORM = /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,9})(?:,l=(\d{1,2}))?\$([^$]+)\$([^$]+)$/;

const DIGEST_BYTES: Record<string, number> = { sha1: 20, sha256: 32, sha512: 64 };

/** RFC 8018, section 4.2. */
const ITERATIONS_MIN = 1_000;
/** Iterations for the whole hash; takes about a second. */
const WORK_MAX = 2_000_000;

interface Pbkdf2Hash {
  digest: string;
  iterations: number;
  salt: Buffer;
  key: Buffer;
}

/** PBKDF2 (RFC 8018) as PHC strings or in passlib's modular crypt format. */
export const PBKDF2: HashScheme = {
  name: 'PBKDF2',

  claims: (hash) => hash.startsWith('$pbkdf2'),

  flaw: (hash) => {
    const parsed = parse(hash);
    if (!parsed) {
      return 'is not a PBKDF2 hash, such as $pbkdf2-sha256$i=600000$SALT$HASH, of at least 1000 iterations';
    }
    const blocks = Math.ceil(parsed.key.length / (DIGEST_BYTES[parsed.digest] ?? 1));
    return parsed.iterations * blocks <= WORK_MAX
      ? undefined
      : `costs too much: it takes at most ${WORK_MAX} iterations, once for each part as long as the digest`;
  },

  verify: async (hash, password) => {
    const parsed = parse(hash);
    if (!parsed) {
      return false;
    }
    const { digest, iterations, salt, key } = parsed;
    return timingSafeEqual(await derive(password, salt, iterations, key.length, digest), key);
  },
};

function parse(hash: string): Pbkdf2Hash | undefined {
  const [, digest = 'sha1', iterations, length, saltText, keyText] = FORM.exec(hash) ?? [];
  const salt = phcBytes(saltText);
  const key = phcBytes(keyText, KEY_MIN_BYTES);
  const isWhole =
    Number(iterations) >= ITERATIONS_MIN &&
    salt !== undefined &&
    key !== undefined &&
    (length === undefined || Number(length) === key.length);
  return isWhole ? { digest, iterations: Number(iterations), salt, key } : undefined;
}
