import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type HashScheme, KEY_MIN_BYTES, phcBytes } from './hash-scheme.js';

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

const FORM = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,4}),p=(\d{1,4})\$([^$]+)\$([^$]+)$/;

const LOG_N_MIN = 10;
/** N times r times p; takes half a second and at most 256 MiB. */
const WORK_MAX = 2_097_152;

interface ScryptHash {
  N: number;
  r: number;
  p: number;
  salt: Buffer;
  key: Buffer;
}

/** scrypt PHC strings (RFC 7914). */
export const SCRYPT: HashScheme = {
  name: 'scrypt',

  claims: (hash) => hash.startsWith('$scrypt$'),

  flaw: (hash) => {
    const parsed = parse(hash);
    if (!parsed) {
      return 'is not an scrypt hash in PHC form, such as $scrypt$ln=16,r=8,p=1$SALT$HASH';
    }
    return parsed.N * parsed.r * parsed.p <= WORK_MAX
      ? undefined
      : `costs too much: 2^ln times r times p is at most ${WORK_MAX}`;
  },

  verify: async (hash, password) => {
    const parsed = parse(hash);
    if (!parsed) {
      return false;
    }
    const { N, r, p, salt, key } = parsed;
    // Node rejects hashes that need more memory. OpenSSL counts slightly less.
    const maxmem = 128 * r * (N + p + 2);
    return timingSafeEqual(await derive(password, salt, key.length, { N, r, p, maxmem }), key);
  },
};

function parse(hash: string): ScryptHash | undefined {
  const [, logN, r, p, saltText, keyText] = FORM.exec(hash) ?? [];
  const salt = phcBytes(saltText);
  const key = phcBytes(keyText, KEY_MIN_BYTES);
  const isWhole =
    Number(logN) >= LOG_N_MIN && Number(r) >= 1 && Number(p) >= 1 && salt !== undefined && key !== undefined;
  return isWhole ? { N: 2 ** Number(logN), r: Number(r), p: Number(p), salt, key } : undefined;
}
